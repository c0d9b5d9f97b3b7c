#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/model/serving_format.hpp"
#include "socle/model/transformer.hpp"
#include "socle/workload/adapters.hpp"
#include "socle/workload/serving_layout.hpp"

// What one chip of a serving replica holds: weights, what the engine keeps, and the key-value cache in what is left.
//
// Weights. Attention, dense blocks and shared experts are cut over tp, routed experts over all tp x dp chips of a
// stage, embedding and head over tp; norms, routers and the projections into a latent are copied. Key-value heads are
// copied where tp is more than there are; latent attention keeps its up-projection twice. Source: vllm-project/vllm
// vllm/model_executor/layers/linear.py and models/deepseek_v2.py (ReplicatedLinear).
//
// Activations. The engine runs one step of `batched_tokens` and keeps its peak: the larger of
//   forward:  tokens x 2 bytes x (2 hidden + widest block), block = 3 ffn / tp (gate, up, product) of a dense one,
//             topk x (max(2 ffn, hidden) + ffn) of routed experts, beside shared ones; (q + k + v + out) / tp of
//             attention
//   sampling: sequences x vocab x bytes of a logit + tokens x 2 hidden.
// The forward term was measured to be exact for Llama 3.1 8B with torch.compile on an H100: 102,400 bytes a token.
// Assumption: other models likewise.
//
// Graphs. One for each captured batch size and mode: buffers of the largest batch once, and a fixed cost of the driver
// for each graph and layer.
//
// Cache. Whole blocks of tokens; docs/design/serving-memory.md has the rules of each engine beside each other.
namespace socle::memory {

/// How the pool follows from a share of memory.
enum class PoolRule {
  kOfTotal,   ///< share x total - weights - activations - other (- context, - graphs, where they count)
  kOfStatic,  ///< share x (total - context) - weights - other
  kOfFree,    ///< share x (total - context - weights - activations - other - graphs)
};

/// What an engine does with a chip's memory. Requires: 0 < share <= 1; sizes at least 1.
struct ServingRules {
  PoolRule rule = PoolRule::kOfTotal;
  double share = 0.9;
  Bytes total{};  ///< of one chip, as software sees it
  int batched_tokens = 8192;
  int sequences = 256;  ///< of one step, for each data-parallel rank
  int block_tokens = 16;
  double sampler_bytes_per_logit = 0;
  Bytes context{};  ///< driver and collectives
  bool context_inside = false;
  Bytes other{};            ///< beside the allocator
  int graphs = 0;           ///< captured, of all modes
  int graph_sequences = 0;  ///< largest of them
  Bytes graph_per_layer{};
  bool graphs_inside = false;
  bool frees_windows = true;  ///< sliding windows hold no more than their size
  bool pads_groups = false;   ///< groups of equally many layers, see pad_groups
  bool prediction = false;    ///< multi-token-prediction modules are loaded
  workload::AdapterServing adapters{};
};

/// Bytes of weights on one chip.
struct WeightParts {
  Bytes dense{};       ///< attention, dense blocks, shared experts, norms, routers
  Bytes experts{};     ///< routed experts
  Bytes embedding{};   ///< embedding and head
  Bytes prediction{};  ///< multi-token-prediction modules, where they are loaded
  Bytes adapters{};    ///< slots of low-rank adapters, full or not
  Bytes total() const { return dense + experts + embedding + prediction + adapters; }
};

/// Layers that keep a token equally long.
struct CacheGroup {
  Bytes per_token{};  ///< of one chip, all layers of the group
  int window = 0;     ///< tokens that are kept; 0 = all
  int layers = 0;
};

/// One chip of the stage that holds the fewest tokens.
struct ServingMemory {
  int stage = 0;
  int layers = 0;  ///< of the stage
  WeightParts weights;
  Bytes activations{};
  Bytes graphs{};
  Bytes context{};  ///< driver and collectives
  Bytes other{};
  Bytes budget{};              ///< share x what it is a share of
  Bytes kv_pool{};             ///< negative: what is missing before a single token
  Bytes kv_bytes_per_token{};  ///< of one data-parallel rank while windows are not full
  Bytes padding_per_token{};   ///< that groups of equally many layers waste
  Bytes state_per_sequence{};  ///< of linear mixers, whatever the length
  std::vector<CacheGroup> groups;
  int block_tokens = 16;
  int batched_tokens = 0;
  int sequences = 0;  ///< that the peak is of
  std::int64_t blocks = 0;
  std::int64_t tokens = 0;  ///< whole blocks, as the engine prints: every layer keeps every token
};

/// Why this layout cannot be, with sizes that can: "tp = 12 does not divide 64 attention heads; use 1, 2, 4 or 8".
/// Empty when it can. Requires: sizes at least 1.
std::string layout_problem(const model::Transformer& model, const workload::ServingLayout& layout,
                           const model::ServingFormats& formats);

/// Requires: layout_problem is empty.
ServingMemory serving_memory(const model::Transformer& model, const workload::ServingLayout& layout,
                             const model::ServingFormats& formats, const ServingRules& rules);

/// Cache that one sequence of so many tokens holds on the chip, in whole blocks: windows keep their size and what one
/// step adds. Requires: tokens >= 0.
Bytes sequence_bytes(const ServingMemory& memory, std::int64_t tokens);

/// Longest sequence that fits alone, in tokens, `most` at most; 0 when none does. Requires: most >= 0.
std::int64_t longest_sequence(const ServingMemory& memory, std::int64_t most);

/// One low-rank adapter, of all layers: on one chip, and on disk. 16 bit.
struct AdapterBytes {
  Bytes on_chip{}, whole{};
  double matrices = 0;  ///< that are copied one by one, both halves
};
AdapterBytes adapter_bytes(const model::Transformer& model, const workload::ServingLayout& layout,
                           const workload::AdapterServing& adapters);

/// Bytes that a token adds over all chips of one data-parallel rank, heads that are copied counted once: the cache of
/// the model itself.
Bytes cache_bytes_per_token(const model::Transformer& model, const model::ServingFormats& formats);

}  // namespace socle::memory
