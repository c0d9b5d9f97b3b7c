#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "socle/model/hf_reader.hpp"
#include "socle/model/transformer.hpp"

namespace socle::model {

/// What a family of architectures makes of a config: its layers and what its code, not the file, decides.
struct HfShape {
  std::vector<Layer> layers;
  std::vector<Layer> mtp;        ///< layers of one MTP module when they differ from the last layer
  bool tied_embeddings = false;  ///< when the file does not say
  bool never_tied = false;       ///< whatever the file says
  bool layer_norm = false;
  bool final_norm = true;
  int learned_positions = 0;
  int residual_streams = 1;
  int embedding_width = 0;
  double lookup_weights = 0;
  double other_weights = 0;
  std::vector<std::string> notes;
};

/// One family: the names that it answers to (`model_type` or a class in `architectures`) and its reader.
struct HfFamily {
  HfShape (*read)(const HfReader& config, std::string_view name);
  std::string_view names;  ///< separated by blanks
  std::string_view help;   ///< one line for documents and errors
};

/// Every family, in the order in which documents list them.
std::span<const HfFamily> hf_families();

/// Whether `name` is among names separated by blanks.
bool one_of(std::string_view names, std::string_view name);

#define HF_FAMILY(function, names, help) HfShape function(const HfReader& config, std::string_view name);
#include "socle/model/hf_families/hf_families.def"
#undef HF_FAMILY

}  // namespace socle::model
