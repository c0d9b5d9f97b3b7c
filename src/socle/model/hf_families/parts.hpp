#pragma once

#include <optional>

#include "socle/model/hf_families/family.hpp"
#include "socle/model/hf_keys.hpp"
#include "socle/model/shape_check.hpp"

// Parts of a config that families share, under every spelling that the field uses for them.
namespace socle::model {

int hf_layers(const HfReader& config);
int hf_hidden(const HfReader& config);

/// How a family's attention is built beyond its matrices; flags under a key hold when the file does not say.
struct AttentionStyle {
  const char* bias_key = "attention_bias";
  bool bias = false;                      ///< of queries, keys and values
  bool output_bias = true;                ///< the output projection has one where queries have
  const char* output_bias_key = nullptr;  ///< ... or where this key says so
  enum class Norm {
    kNone,
    kHead,
    kHeadBoth,
    kFull
  } qk_norm = Norm::kNone;                                     ///< of queries and keys: a head's width,
                                                               ///< with a bias as well, or all heads'
  const char* qk_norm_key = nullptr;                           ///< the norm is there where this key says so
  bool qk_norm_default = false;                                ///< ... when it is silent
  enum class Gate { kNone, kFull, kHead } gate = Gate::kNone;  ///< on the output: a matrix as wide, or one row a head
  bool sinks = false;                                          ///< one learned weight a head
  bool floors = false;                                         ///< heads need not divide the hidden width
};

/// Attention with heads, key-value heads and widths from the config.
Mixer hf_attention(const HfReader& config, const AttentionStyle& style = {});
/// Adds what the style's norms, biases, gates and sinks weigh, for the mixer's present sizes.
void dress(const HfReader& config, const AttentionStyle& style, Mixer& mixer);
Mixer hf_mla(const HfReader& config);

inline constexpr HfReader::Keys kDenseWidthKeys = {
    "intermediate_size", "ffn_hidden_size", "ffn_dim", "n_inner", "dff", "dim_ff"};
/// A dense block, the width under one of the keys; `usual` when the file does not say, 0 = it must.
FeedForward hf_dense(const HfReader& config, HfReader::Keys keys = kDenseWidthKeys, double usual = 0);
/// A block of experts; `experts` is 0 when the config has none.
FeedForward hf_experts(const HfReader& config);
/// For each layer whether its feed-forward block is routed, from whichever of the usual keys the config has.
std::vector<bool> hf_routed_layers(const HfReader& config, int layers);

/// Width of one of `parts` equal parts; a problem of the key when they are not equal.
int hf_part(const HfReader& config, std::string_view key, int whole, int parts);

/// Which layers slide when `layer_types` does not say.
enum class WindowRule { kNone, kAll, kFromLayer, kAlternate, kPattern };
/// The sliding window of each layer, 0 for full attention.
std::vector<int> hf_windows(const HfReader& config, WindowRule rule, int layers, int pattern = 6);

/// The keys that `per_layer_config` changes for one layer ("05": {"head_dim": 512}).
std::optional<HfReader> hf_layer_override(const HfReader& config, int layer);
/// Problems of keys under `per_layer_config` that a family does not know.
void hf_check_overrides(const HfReader& config, std::string_view known);

/// The kind of each layer from a list of texts; empty when the key is absent, or after a problem. `known` is separated
/// by blanks.
std::vector<std::string> hf_layer_kinds(const HfReader& config, const char* key, int layers, std::string_view known);

}  // namespace socle::model
