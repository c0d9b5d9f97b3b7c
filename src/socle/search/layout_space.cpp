#include "socle/search/layout_space.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace socle::search {

using workload::Layout;
using workload::Recompute;
using workload::Sharding;

namespace {

std::vector<int> divisors(int value, int most) {
  std::vector<int> list;
  for (int d = 1; d <= std::min(value, most); ++d) {
    if (value % d == 0) list.push_back(d);
  }
  return list;
}

std::vector<int> powers_of_two(int most) {
  std::vector<int> list;
  for (int p = 1; p <= most; p *= 2) list.push_back(p);
  return list;
}

template <typename T>
std::vector<T> given_or(const std::optional<T>& given, std::vector<T> all) {
  return given ? std::vector<T>{*given} : std::move(all);
}

std::vector<bool> switch_values(const std::optional<bool>& given, bool habit, bool all) {
  if (given) return {*given};
  return all ? std::vector<bool>{false, true} : std::vector<bool>{habit};
}

int experts_of(const model::Transformer& model) {
  int experts = 0;
  for (const model::Layer& layer : model.kinds) experts = std::max(experts, layer.feed_forward.experts);
  return experts;
}

}  // namespace

Layout with_switches(Layout layout, const StepSwitches& switches, int layers) {
  using workload::Axis;
  layout.offload_optimizer = switches.offload_optimizer;
  layout.offload_weights = switches.offload_weights;
  layout.offload_layers = switches.offload_activations ? layers : 0;
  layout.scatter_messages = switches.scatter_messages;
  if (switches.pipeline_inside_data)
    layout.placement = {Axis::kTensor, Axis::kContext, Axis::kExpert, Axis::kPipeline, Axis::kData};
  return layout;
}

bool without_effect(const Layout& layout, const StepSwitches& switches) {
  const bool scatters = layout.tensor_parallel > 1 && layout.pipeline_parallel > 1 && !layout.sequence_parallel;
  const bool places =
      layout.pipeline_parallel > 1 && layout.data_parallel > 1 && layout.context_parallel * layout.expert_parallel == 1;
  return (switches.scatter_messages && !scatters) || (switches.pipeline_inside_data && !places);
}

namespace {

std::vector<StepSwitches> step_switches(const workload::PartialLayout& given, const SearchOptions& options) {
  const std::vector<bool> wide = options.wide ? std::vector<bool>{false, true} : std::vector<bool>{false};
  std::vector<StepSwitches> list;
  for (const bool optimizer : switch_values(given.offload_optimizer, false, options.all_overlaps || options.wide)) {
    for (const bool weights : wide) {
      for (const bool activations : wide) {
        for (const bool scatter : wide) {
          for (const bool inside : wide) list.push_back({optimizer, weights, activations, scatter, inside});
        }
      }
    }
  }
  return list;
}

// Every size that divides, as Calculon's grid has it, instead of those that are usual.
void widen(const model::Transformer& model, const workload::TrainingJob& job, const workload::PartialLayout& given,
           int chips, LayoutSpace& space) {
  int heads = 0;
  for (const model::Layer& layer : model.kinds) heads = std::gcd(heads, layer.mixer.heads);
  space.tensor = given_or(given.tensor_parallel, divisors(heads > 0 ? std::gcd(chips, heads) : chips, chips));
  space.virtual_pipeline = given_or(given.virtual_pipeline, divisors(model.layers(), model.layers()));
  space.microbatch = given_or(given.microbatch, powers_of_two(job.global_batch));
  space.keep_gathered = {false, true};
}

}  // namespace

LayoutSpace layout_space(const model::Transformer& model, const workload::TrainingJob& job,
                         const workload::PartialLayout& given, const machine::Machine& machine, int chips,
                         const SearchOptions& options) {
  const catalog::Stack& stack = machine.stack();
  const int experts = experts_of(model);
  const bool all = options.all_overlaps || options.wide;
  LayoutSpace space;
  space.tensor =
      given_or(given.tensor_parallel, divisors(chips, 2 * std::max(8, std::min(machine.spec().scale_up_domain, 32))));
  space.context =
      given_or(given.context_parallel, powers_of_two(std::min(chips, std::max(1, job.sequence_length / 4096))));
  space.expert =
      given_or(given.expert_parallel, experts > 0 ? divisors(experts, std::min(chips, 512)) : std::vector<int>{1});
  space.pipeline = given_or(given.pipeline_parallel, divisors(chips, model.layers()));
  space.virtual_pipeline = given_or(given.virtual_pipeline, divisors(std::max(1, model.layers()), 16));
  if (!given.virtual_pipeline) {
    for (const int more : divisors(model.layers() + 2, 16)) space.virtual_pipeline.push_back(more);
    std::sort(space.virtual_pipeline.begin(), space.virtual_pipeline.end());
    space.virtual_pipeline.erase(std::unique(space.virtual_pipeline.begin(), space.virtual_pipeline.end()),
                                 space.virtual_pipeline.end());
  }
  space.microbatch = given_or(given.microbatch, powers_of_two(all ? 64 : 16));
  space.sequence = given.sequence_parallel ? std::vector<bool>{*given.sequence_parallel}
                   : all                   ? std::vector<bool>{true, false}
                                           : std::vector<bool>{true};
  space.tensor_overlap = switch_values(given.overlap_tensor_parallel, stack.overlap_tensor_parallel, all);
  space.expert_overlap =
      switch_values(given.overlap_expert_parallel, stack.overlap_expert_parallel, all && experts > 0);
  space.grad_overlap = switch_values(given.overlap_grad_reduce, stack.overlap_grad_reduce, all);
  space.gather_overlap = switch_values(given.overlap_param_gather, stack.overlap_param_gather, all);
  space.switches = step_switches(given, options);
  space.keep_gathered = {false};
  space.recompute = given_or(given.recompute, {Recompute::kNone, Recompute::kSelective, Recompute::kFull});
  // Full recompute of every layer, or of half of them.
  space.recompute_shares = given.recompute_layers ? std::vector<int>{0} : std::vector<int>{0, 2};
  space.sharding = given_or(given.sharding, {Sharding::kNone, Sharding::kZero1, Sharding::kZero3});
  if (given.schedule) space.schedules = {*given.schedule};
  if (options.wide) widen(model, job, given, chips, space);
  return space;
}

namespace {

// One layout for each value of the switches that change a layer's cost; switches of what is not there stay off.
void add_overlaps(const LayoutSpace& space, Layout layout, std::vector<Layout>& layouts) {
  for (const bool keep_gathered : space.keep_gathered) {
    if (keep_gathered && !layout.sequence_parallel) continue;
    for (const bool tensor_overlap : space.tensor_overlap) {
      if (tensor_overlap && layout.tensor_parallel == 1 && space.tensor_overlap.size() > 1) continue;
      for (const bool expert_overlap : space.expert_overlap) {
        layout.keep_gathered = keep_gathered;
        layout.overlap_tensor_parallel = tensor_overlap;
        layout.overlap_expert_parallel = expert_overlap;
        layouts.push_back(layout);
      }
    }
  }
}

}  // namespace

std::vector<Layout> layer_layouts(const LayoutSpace& space, const workload::PartialLayout& given, int chips) {
  std::vector<Layout> layouts;
  Layout layout;
  layout.expert_tensor_parallel = given.expert_tensor_parallel.value_or(1);
  layout.shard_size = given.shard_size.value_or(0);
  layout.recompute_layers = given.recompute_layers.value_or(0);
  for (const int tensor : space.tensor) {
    for (const int context : space.context) {
      if (chips % (std::int64_t{tensor} * context) != 0) continue;
      for (const int expert : space.expert) {
        for (const int microbatch : space.microbatch) {
          for (const bool sequence : space.sequence) {
            if (!sequence && tensor == 1 && space.sequence.size() > 1) continue;
            layout.tensor_parallel = tensor;
            layout.context_parallel = context;
            layout.expert_parallel = expert;
            layout.microbatch = microbatch;
            layout.sequence_parallel = sequence && tensor > 1;
            add_overlaps(space, layout, layouts);
          }
        }
      }
    }
  }
  return layouts;
}

}  // namespace socle::search
