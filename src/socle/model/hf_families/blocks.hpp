#pragma once

#include "socle/model/hf_families/parts.hpp"

namespace socle::model {

/// What the code of an architecture of equal blocks, attention then feed-forward, decides and its files do not say.
struct BlockStyle {
  std::string_view names = {};  ///< whom it describes, where one reader serves several
  AttentionStyle attention = {};
  WindowRule window = WindowRule::kNone;
  int pattern = 6;  ///< of WindowRule::kPattern, every n-th layer is full
  bool gated = true;
  const char* mlp_bias_key = "mlp_bias";
  bool mlp_bias = false;     ///< when the file does not say
  bool expert_bias = false;  ///< experts and router have biases
  bool shared_gate = false;  ///< a row of hidden width gates the shared expert
  bool layer_norm = false;
  int norms = 2;           ///< of a layer
  bool sub_norms = false;  ///< norms before the output and the down-projection (BitNet)
  bool final_norm = true;
  bool tied = false;        ///< when the file does not say
  bool head_bias = false;   ///< when lm_head_bias does not say
  bool positions = false;   ///< a learned table of max_position_embeddings rows
  int extra_positions = 0;  ///< rows of it beyond
  int ffn_factor = 0;  ///< width of the feed-forward block in hidden widths when the file does not say; 0 = it must
};

/// A model of such blocks, dense or of experts, as the config says.
HfShape read_blocks(const HfReader& config, const BlockStyle& style);
/// The same with the style among `styles` whose names have `name`, or the plainest one.
HfShape read_styled(const HfReader& config, std::string_view name, std::span<const BlockStyle> styles);
/// Feed-forward block of each layer: experts where the config routes, a dense block elsewhere.
std::vector<FeedForward> read_feed_forwards(const HfReader& config, const BlockStyle& style, int layers);

}  // namespace socle::model
