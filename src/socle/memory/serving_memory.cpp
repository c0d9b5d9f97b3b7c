#include "socle/memory/serving_memory.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/check.hpp"
#include "socle/graph/adapter_ops.hpp"
#include "socle/memory/serving_parts.hpp"

namespace socle::memory {
namespace {

using model::Layer;
using model::Mixer;
using model::MixerKind;
using model::Transformer;
using workload::ServingLayout;

constexpr double kSameSize = 1e-9;
constexpr double kHalf = 2.0;  // bytes of activations and of weights that stay in 16 bit

/// Layers of a stage: an even share; what is left over goes to the stages before the last, which has the head.
/// Source: vllm-project/vllm vllm/distributed/utils.py get_pp_indices.
std::vector<int> layers_of_stages(int layers, int stages) {
  std::vector<int> counts(static_cast<std::size_t>(stages), layers / stages);
  const int left = layers % stages;
  for (int i = 2; i <= left + 1; ++i) counts[static_cast<std::size_t>(std::max(0, stages - i))] += 1;
  return counts;
}

WeightParts weights_of_stage(const Transformer& model, const ServingLayout& layout,
                             const model::ServingFormats& formats, bool prediction, int first, int count,
                             bool is_last) {
  WeightParts weights;
  for (int i = first; i < first + count; ++i) {
    const LayerWeights one =
        layer_weights(model, model.kinds[static_cast<std::size_t>(model.kind_of_layer[static_cast<std::size_t>(i)])],
                      layout, formats);
    weights.dense += one.dense;
    weights.experts += one.experts;
  }
  const model::ParameterCount counted = model::count_parameters(model);
  const double tp = layout.tensor_parallel;
  if (first == 0) weights.embedding += Bytes{counted.embedding * kHalf / tp};
  if (is_last) {
    const bool copy = model.tied_embeddings && first > 0;  // the last of several stages has its own copy
    weights.embedding += Bytes{(copy ? static_cast<double>(model.vocab) * model.hidden : counted.head) * kHalf / tp};
    weights.dense += Bytes{model.other_weights * kHalf};
    if (prediction) weights.prediction = prediction_weights(model, layout, formats);
  }
  return weights;
}

struct LayerAdapters {
  Bytes bytes{};
  double matrices = 0;
};

/// One adapter on these layers.
LayerAdapters adapters_of_layers(const Transformer& model, double tensor, const workload::AdapterServing& adapters,
                                 int first, int count) {
  LayerAdapters all;
  for (int i = first; i < first + count; ++i) {
    const Layer& layer = model.kinds[static_cast<std::size_t>(model.kind_of_layer[static_cast<std::size_t>(i)])];
    for (const graph::AdaptedMatrix& one : graph::adapted_matrices(model, layer, tensor, adapters.attention_only)) {
      all.bytes += Bytes{one.elements(adapters.rank) * kHalf};
      all.matrices += 2.0 * one.slices;
    }
  }
  return all;
}

Bytes pool_of(const ServingRules& rules, ServingMemory& memory) {
  const Bytes kept = memory.weights.total() + memory.other;
  if (rules.rule == PoolRule::kOfTotal) {
    memory.budget = rules.share * rules.total;
    return memory.budget - kept - memory.activations - (rules.context_inside ? memory.context : Bytes{}) -
           (rules.graphs_inside ? memory.graphs : Bytes{});
  }
  if (rules.rule == PoolRule::kOfStatic) {
    memory.budget = rules.share * (rules.total - memory.context);
    return memory.budget - kept;
  }
  memory.budget = rules.share * (rules.total - memory.context - kept - memory.activations - memory.graphs);
  return memory.budget;
}

/// Every layer of the stage in its group, states aside.
void fill_cache(const Transformer& model, const ServingLayout& layout, const model::ServingFormats& formats,
                const ServingRules& rules, int first, ServingMemory& memory) {
  for (int i = first; i < first + memory.layers; ++i) {
    const Mixer& mixer = model.kinds[static_cast<std::size_t>(model.kind_of_layer[static_cast<std::size_t>(i)])].mixer;
    memory.state_per_sequence += mixer_state(mixer, layout);
    for (const CacheGroup& part : mixer_cache(mixer, layout, formats.kv)) {
      const int window = rules.frees_windows ? part.window : 0;
      memory.kv_bytes_per_token += part.per_token;
      const auto same = std::find_if(memory.groups.begin(), memory.groups.end(),
                                     [&](const CacheGroup& group) { return group.window == window; });
      if (same == memory.groups.end())
        memory.groups.push_back({part.per_token, window, 1});
      else
        same->per_token += part.per_token, same->layers += 1;
    }
  }
}

/// vLLM shares one pool among groups of equally many layers, as many as the rarer kind has (or the more frequent one,
/// below 1.5 times as many), and pads the last group of each kind. It needs layers of equal bytes.
/// Source: vllm-project/vllm v0.19.0, vllm/v1/core/kv_cache_utils.py _get_kv_cache_groups_uniform_page_size.
void pad_groups(ServingMemory& memory) {
  if (memory.groups.size() < 2) return;
  int least = memory.layers, most = 0;
  const Bytes one = memory.groups.front().per_token / memory.groups.front().layers;
  for (const CacheGroup& group : memory.groups) {
    if (std::abs(group.per_token / group.layers / one - 1.0) > kSameSize) return;
    least = std::min(least, group.layers);
    most = std::max(most, group.layers);
  }
  const int size = 2 * most < 3 * least ? most : least;
  for (CacheGroup& group : memory.groups) {
    const int padded = (group.layers + size - 1) / size * size;
    memory.padding_per_token += one * static_cast<double>(padded - group.layers);
    group.per_token += one * static_cast<double>(padded - group.layers);
  }
}

ServingMemory stage_memory(const Transformer& model, const ServingLayout& layout, const model::ServingFormats& formats,
                           const ServingRules& rules, int stage, int first, int count) {
  const bool is_last = stage + 1 == layout.pipeline_parallel;
  ServingMemory memory;
  memory.stage = stage;
  memory.layers = count;
  memory.block_tokens = rules.block_tokens;
  memory.batched_tokens = rules.batched_tokens;
  memory.sequences = rules.sequences;
  memory.weights = weights_of_stage(model, layout, formats, rules.prediction, first, count, is_last);
  if (rules.adapters.any())
    memory.weights.adapters = static_cast<double>(rules.adapters.slots) *
                              adapters_of_layers(model, layout.tensor_parallel, rules.adapters, first, count).bytes;
  const Bytes per_token = activation_per_token(model, layout);
  memory.activations = rules.batched_tokens * per_token;
  if (is_last) {
    const double rows = std::min(rules.sequences, rules.batched_tokens);
    const Bytes sampling{rows * model.vocab * rules.sampler_bytes_per_logit +
                         rules.batched_tokens * kHalf * model.hidden};
    memory.activations = std::max(memory.activations, sampling);
  }
  if (rules.graphs > 0) {
    memory.graphs =
        rules.graph_sequences * per_token + (rules.graphs * static_cast<double>(count)) * rules.graph_per_layer;
  }
  memory.context = rules.context;
  memory.other = rules.other;
  fill_cache(model, layout, formats, rules, first, memory);
  if (rules.pads_groups) pad_groups(memory);
  memory.kv_pool = pool_of(rules, memory);
  const Bytes block = (memory.kv_bytes_per_token + memory.padding_per_token) * memory.block_tokens;
  const Bytes room = memory.kv_pool - memory.state_per_sequence;
  if (block > Bytes{} && room > Bytes{}) memory.blocks = static_cast<std::int64_t>(room / block);
  memory.tokens = memory.blocks * memory.block_tokens;
  return memory;
}

}  // namespace

ServingMemory serving_memory(const Transformer& model, const ServingLayout& layout,
                             const model::ServingFormats& formats, const ServingRules& rules) {
  SOCLE_CHECK(layout_problem(model, layout, formats).empty(), "a layout that can be has memory");
  const std::vector<int> counts = layers_of_stages(model.layers(), layout.pipeline_parallel);
  std::optional<ServingMemory> tightest;
  int first = 0;
  for (int stage = 0; stage < layout.pipeline_parallel; ++stage) {
    const int count = counts[static_cast<std::size_t>(stage)];
    ServingMemory memory = stage_memory(model, layout, formats, rules, stage, first, count);
    first += count;
    const auto key = [](const ServingMemory& m) { return std::pair(m.tokens, m.kv_pool); };
    if (!tightest || key(memory) < key(*tightest)) tightest = std::move(memory);
  }
  SOCLE_CHECK(first == model.layers(), "each layer is on one stage");
  return *std::move(tightest);
}

Bytes sequence_bytes(const ServingMemory& memory, std::int64_t tokens) {
  Bytes bytes = tokens > 0 ? memory.state_per_sequence : Bytes{};
  for (const CacheGroup& group : memory.groups) {
    // A window's cache holds the window, what one step adds, and the block that it began in.
    // Source: vllm-project/vllm vllm/v1/kv_cache_interface.py SlidingWindowSpec.max_memory_usage_bytes.
    const bool capped = group.window > 0 && tokens > group.window - 1 + memory.batched_tokens;
    const std::int64_t kept = capped ? group.window - 1 + memory.batched_tokens : tokens;
    const std::int64_t blocks = (kept + memory.block_tokens - 1) / memory.block_tokens + (capped ? 1 : 0);
    bytes += group.per_token * static_cast<double>(blocks * memory.block_tokens);
  }
  return bytes;
}

std::int64_t longest_sequence(const ServingMemory& memory, std::int64_t most) {
  if (memory.kv_pool < Bytes{}) return 0;
  std::int64_t least = 0;
  while (least < most) {
    const std::int64_t middle = least + (most - least + 1) / 2;
    if (sequence_bytes(memory, middle) <= memory.kv_pool)
      least = middle;
    else
      most = middle - 1;
  }
  return least;
}

AdapterBytes adapter_bytes(const Transformer& model, const ServingLayout& layout,
                           const workload::AdapterServing& adapters) {
  const int layers = model.layers();
  // A stage has its own layers of each adapter.
  const LayerAdapters on_chip = adapters_of_layers(model, layout.tensor_parallel, adapters, 0, layers);
  return {.on_chip = on_chip.bytes / static_cast<double>(layout.pipeline_parallel),
          .whole = adapters_of_layers(model, 1.0, adapters, 0, layers).bytes,
          .matrices = on_chip.matrices / layout.pipeline_parallel};
}

Bytes cache_bytes_per_token(const Transformer& model, const model::ServingFormats& formats) {
  Bytes bytes{};
  for (const int kind : model.kind_of_layer) {
    for (const CacheGroup& part : mixer_cache(model.kinds[static_cast<std::size_t>(kind)].mixer, {}, formats.kv))
      bytes += part.per_token;
  }
  return bytes;
}

}  // namespace socle::memory
