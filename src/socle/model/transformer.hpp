#pragma once

#include <string>
#include <vector>

namespace socle::model {

enum class MixerKind {
  kAttention,  ///< softmax attention: MHA, GQA or MQA by the number of key-value heads
  kMla,        ///< multi-head latent attention (DeepSeek-V2)
  kLinear,     ///< linear recurrent mixer: Mamba-2, gated delta net, lightning attention
  kNone,       ///< no mixer: a layer with a feed-forward block only
};

/// The token mixer of one layer. Fields that a kind does not use stay zero.
struct Mixer {
  MixerKind kind = MixerKind::kAttention;
  int heads = 0;       ///< query heads; for kLinear the value heads
  int kv_heads = 0;    ///< key-value heads; for kLinear the key heads (groups)
  int head_dim = 0;    ///< query and key width per head (MLA: nope + rope); for kLinear the key (state) width
  int v_head_dim = 0;  ///< value width per head
  int window = 0;      ///< sliding window in tokens; 0 = the whole context
  int chunk = 0;       ///< chunked local attention (Llama 4) in tokens; 0 = none
  bool qkv_bias = false;
  bool output_gate = false;  ///< a gate as wide as the attention output multiplies it (Qwen3-Next)
  int q_lora = 0;            ///< MLA (or kAttention) query rank; 0 = a full-rank query projection
  int kv_lora = 0;           ///< MLA key-value rank
  int rope_dim = 0;          ///< MLA rotary width, shared by all heads; part of head_dim for other kinds
  int index_heads = 0;       ///< sparse-attention indexer (DeepSeek-V3.2): heads
  int index_dim = 0;         ///< ... width per head
  int index_topk = 0;        ///< ... tokens attended to
  int conv_width = 0;        ///< kLinear: short convolution taps
  int conv_channels = 0;     ///< kLinear: channels of the convolution; 0 = values, keys and queries
  int in_width = 0;        ///< kLinear: width of all projections of the hidden state; 0 = as Mamba-2: value, gate, key,
                           ///< query, one step a head, with its decays and its norm
  bool shared_kv = false;  ///< kAttention: keys serve as values, there is no value projection (Gemma 4, DeepSeek-V4)
  int o_lora = 0;          ///< kAttention: rank of a grouped low-rank output projection (DeepSeek-V4); 0 = one matrix
  int o_groups = 0;        ///< ... its groups of heads, each projected to o_lora
  int compress =
      0;  ///< kAttention: that many tokens share one compressed key beyond the window (DeepSeek-V4); 0 = none
  bool reuses_kv = false;    ///< keys and values of an earlier layer: neither projections nor a cache of its own
  double inner_weights = 0;  ///< weights of further matrices that each token passes once (low-rank gates, step widths)
  double other_weights = 0;  ///< weights that no matrix product reads: norms of queries and keys, biases, sinks, decays

  bool operator==(const Mixer&) const = default;
};

/// The feed-forward block of one layer: dense when experts is 0.
struct FeedForward {
  int ffn = 0;        ///< dense hidden width, or the width of one expert; 0 = no feed-forward block
  bool gated = true;  ///< SwiGLU-like: three matrices instead of two
  bool bias = false;
  int experts = 0;            ///< routed experts
  int topk = 0;               ///< routed experts per token
  int shared_ffn = 0;         ///< total width of the shared experts (or of a dense block beside the experts)
  int latent = 0;             ///< width that routed experts see when tokens are projected down first; 0 = hidden
  double router_weights = 0;  ///< weights of the router; 0 = hidden x experts
  double inner_weights = 0;   ///< weights of further matrices that each token passes once (gates, adapters)
  double other_weights = 0;   ///< weights that no matrix product reads: biases that `bias` does not tell, inner norms

  bool operator==(const FeedForward&) const = default;
};

struct Layer {
  Mixer mixer;
  FeedForward feed_forward;
  int norms = -1;           ///< norms of the hidden width; -1 = one before each block
  int uses = 1;             ///< layers that share one set of weights (Zamba, looped models); counted once among them
  double idle_weights = 0;  ///< weights that a token passes by (experts of attention), part of the total, not active

  bool operator==(const Layer&) const = default;
};

/// Where a shape comes from and how far to trust it; as in the catalogue's other files.
struct ModelSource {
  std::string text;        ///< document, page or repository
  std::string confidence;  ///< "datasheet", "reported" or "estimate"
  std::string checked;     ///< what was read in the source and what only remembered
  std::string notes;
};

/// A language model's shape. Layers of equal shape share one entry of `kinds`.
/// Requires: kind_of_layer[i] < kinds.size() for every layer; the same of mtp_kinds.
struct Transformer {
  std::string name;
  int hidden = 0;
  int vocab = 0;
  bool tied_embeddings = false;
  int learned_positions = 0;  ///< rows of a learned position table; 0 = rotary or none
  bool layer_norm = false;    ///< LayerNorm (weight and bias) instead of RMSNorm
  int context = 0;            ///< longest context it was published for; 0 = unknown
  int mtp_layers = 0;         ///< multi-token-prediction modules, each one more layer of the last kind
  std::vector<Layer> kinds;
  std::vector<int> kind_of_layer;
  double published_params = 0.0;         ///< total, 0 = not published
  double published_active_params = 0.0;  ///< per token, 0 = not published
  std::string published_excludes;    ///< why the count rightly differs from the published figures; empty = it does not
  int residual_streams = 1;          ///< hyper-connections: copies of the residual stream
  int embedding_width = 0;           ///< width of the embedding, projected to hidden and back; 0 = hidden
  double lookup_weights = 0;         ///< further tables of which a token reads rows (embeddings of each layer, n-grams)
  double other_weights = 0;          ///< weights outside layers beyond embedding, head and final norm
  bool final_norm = true;            ///< a norm with weights before the head
  std::vector<int> mtp_kinds;        ///< layers of one MTP module; empty = one layer of the last kind
  std::string hf_id;                 ///< "organisation/name" of the published weights; may be empty
  std::vector<std::string> aliases;  ///< other names
  std::string weight_format;         ///< of the published weights when quantised, e.g. "fp8"; empty = as trained
  ModelSource source;

  int layers() const { return static_cast<int>(kind_of_layer.size()); }
};

/// Parameter counts, norms and biases included.
struct ParameterCount {
  double total = 0.0;      ///< everything, MTP modules excluded; weights that layers share count once
  double active = 0.0;     ///< used per token: routed experts count topk of them; embedding and head included
  double embedding = 0.0;  ///< input embedding, position table, tables of which a token reads rows
  double head = 0.0;       ///< output projection, 0 when tied
  double mtp = 0.0;        ///< multi-token-prediction modules
};

/// Kinds of the layers of one multi-token-prediction module: `mtp_kinds`, or one layer of the last kind.
std::vector<int> mtp_module(const Transformer& model);

/// Width of all projections of the hidden state into a linear mixer, and channels of its convolution.
double linear_in_width(const Mixer& mixer);
double linear_conv_channels(const Mixer& mixer);

ParameterCount count_parameters(const Transformer& model);
/// Weights of one layer, all experts counted; its share of weights that layers have in common.
double layer_parameters(const Transformer& model, const Layer& layer);
/// Of those, what one token uses: experts by topk.
double active_layer_parameters(const Transformer& model, const Layer& layer);
/// Weights of one layer's routed experts only.
double expert_parameters(const Transformer& model, const Layer& layer);

}  // namespace socle::model
