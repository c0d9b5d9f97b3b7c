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
  bool layer_norm = false;
  int learned_positions = 0;
  int residual_streams = 1;
  std::vector<std::string> notes;
};

/// One family: the names that it answers to (`model_type` or a class in `architectures`) and its reader.
struct HfFamily {
  std::string_view names;  ///< separated by blanks
  HfShape (*read)(const HfReader& config, std::string_view name);
  std::string_view help;  ///< one line for documents and errors
};

/// Every family, in the order in which documents list them.
std::span<const HfFamily> hf_families();

HfShape read_plain(const HfReader& config, std::string_view name);
HfShape read_gpt(const HfReader& config, std::string_view name);
HfShape read_gemma4(const HfReader& config, std::string_view name);
HfShape read_llama4(const HfReader& config, std::string_view name);
HfShape read_mimo_v2(const HfReader& config, std::string_view name);
HfShape read_minimax_m3(const HfReader& config, std::string_view name);
HfShape read_deepseek(const HfReader& config, std::string_view name);
HfShape read_deepseek_v4(const HfReader& config, std::string_view name);
HfShape read_kimi_linear(const HfReader& config, std::string_view name);
HfShape read_qwen_next(const HfReader& config, std::string_view name);
HfShape read_minimax_text(const HfReader& config, std::string_view name);
HfShape read_nemotron_h(const HfReader& config, std::string_view name);
HfShape read_nemotron_nas(const HfReader& config, std::string_view name);

/// Parts that families share.
int hf_layers(const HfReader& config);
int hf_hidden(const HfReader& config);
Mixer hf_attention(const HfReader& config, bool bias);
Mixer hf_mla(const HfReader& config);
/// A dense block, the width under `key`.
FeedForward hf_dense(const HfReader& config, const char* key = "intermediate_size");
/// A block of experts; `experts` is 0 when the config has none.
FeedForward hf_experts(const HfReader& config);
/// For each layer whether its feed-forward block is routed, from whichever of the usual keys the config has.
std::vector<bool> hf_routed_layers(const HfReader& config, int layers);

}  // namespace socle::model
