#pragma once

#include <optional>
#include <vector>

#include "socle/machine/machine.hpp"
#include "socle/model/transformer.hpp"
#include "socle/search/layout_search.hpp"
#include "socle/workload/partial_layout.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::search {

/// Keys beside recompute and sharding that do not change the cost of a layer's own kernels.
struct StepSwitches {
  bool offload_optimizer = false, offload_weights = false, offload_activations = false;
  bool scatter_messages = false;
  bool pipeline_inside_data = false;
};

/// One way to recompute. `share` > 1: full recompute of one layer in so many.
struct RecomputeChoice {
  workload::Recompute recompute = workload::Recompute::kNone;
  int share = 0;
  workload::ModuleSet modules{};
};

struct ShardingChoice {
  workload::Sharding sharding = workload::Sharding::kNone;
  bool reshard_after_forward = true;
};

/// The declared space: legal values of every key, in the order in which layouts are numbered. A key that was given has
/// one value. Documented in docs/design/search.md.
struct LayoutSpace {
  std::vector<int> tensor, context, expert, pipeline, virtual_pipeline, microbatch;
  std::vector<bool> sequence, tensor_overlap, expert_overlap, keep_gathered, grad_overlap, gather_overlap;
  std::vector<std::optional<workload::Dispatcher>> dispatchers;  ///< empty: the stack's own
  std::vector<StepSwitches> switches;
  std::vector<RecomputeChoice> recompute;  ///< a set of modules stands behind its subsets
  std::vector<ShardingChoice> sharding;
  std::vector<workload::Schedule> schedules;  ///< empty: 1F1B, or interleaved where vpp > 1
};

/// The layout with these switches. `layers` = of the model.
workload::Layout with_switches(workload::Layout layout, const StepSwitches& switches, int layers);

/// The layout that recomputes so. Requires: its pp is set.
workload::Layout with_recompute(workload::Layout layout, const RecomputeChoice& choice,
                                const workload::PartialLayout& given, int layers);

/// Are these values of the switches the same layout as others, because what they switch is not there?
bool without_effect(const workload::Layout& layout, const StepSwitches& switches);

LayoutSpace layout_space(const model::Transformer& model, const workload::TrainingJob& job,
                         const workload::PartialLayout& given, const machine::Machine& machine, int chips,
                         const SearchOptions& options);

/// The keys whose values decide the cost of one layer: everything but pp, vpp, dp, schedule, recompute and sharding.
std::vector<workload::Layout> layer_layouts(const LayoutSpace& space, const workload::PartialLayout& given, int chips);

}  // namespace socle::search
