#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/model/hf_config.hpp"
#include "socle/model/token_cost.hpp"
#include "socle/model/transformer.hpp"
#include "socle/model/weight_file.hpp"

namespace socle::answer {

/// What to show: a model of the catalogue, or a Hugging Face config.json; and which weights to check it against.
struct ModelQuestion {
  std::string name;                      ///< of the catalogue; empty: a file
  std::string file, text;                ///< its name and content
  std::vector<std::string> ignore_keys;  ///< of a config.json
  std::string weights, weights_head;     ///< a file of weights to check against: its name and first bytes; may be empty
  int sequence = 0;  ///< tokens that FLOPs and the cache are told for; 0 = 4096, or the context if shorter
};

/// One kind of layer.
struct LayerKind {
  std::string name;  ///< as in a model file
  int layers = 0;    ///< of this kind
  model::Layer layer;
  double parameters = 0;  ///< of one layer, its share where layers have weights in common
  double active = 0;      ///< of those, used for one token
};

/// What was understood of a model.
struct ModelShown {
  model::Transformer model;
  std::string read_from;    ///< "the catalogue", or the file
  std::string source_text;  ///< of the catalogue; of a file the question has it
  std::string family;       ///< a config.json was read as; empty for the catalogue
  std::string pattern;      ///< kinds in order
  model::ParameterCount parameters;
  std::vector<LayerKind> kinds;
  int sequence = 0;
  model::TokenFlops flops;                   ///< of one token, forward
  model::CacheSize cache;                    ///< in elements, at_context at `sequence`
  std::optional<model::WeightFile> weights;  ///< what the head of the file of weights tells
  std::vector<std::string> notes;
  std::vector<model::UnusedKey> unused;  ///< keys of a config.json that the shape does not rest on
};

/// Throws InputError for an unknown name, and for whatever is wrong with a file.
ModelShown show_model(const catalog::Catalog& catalog, const ModelQuestion& question);

}  // namespace socle::answer
