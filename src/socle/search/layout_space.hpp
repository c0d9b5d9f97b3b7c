#pragma once

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

/// The declared space: legal values of every key, in the order in which layouts are numbered. A key that was given has
/// one value. Documented in docs/design/search.md.
struct LayoutSpace {
  std::vector<int> tensor, context, expert, pipeline, virtual_pipeline, microbatch, recompute_shares;
  std::vector<bool> sequence, tensor_overlap, expert_overlap, keep_gathered, grad_overlap, gather_overlap;
  std::vector<StepSwitches> switches;
  std::vector<workload::Recompute> recompute;
  std::vector<workload::Sharding> sharding;
  std::vector<workload::Schedule> schedules;  ///< empty: 1F1B, or interleaved where vpp > 1
};

/// The layout with these switches. `layers` = of the model.
workload::Layout with_switches(workload::Layout layout, const StepSwitches& switches, int layers);

/// Are these values of the switches the same layout as others, because what they switch is not there?
bool without_effect(const workload::Layout& layout, const StepSwitches& switches);

LayoutSpace layout_space(const model::Transformer& model, const workload::TrainingJob& job,
                         const workload::PartialLayout& given, const machine::Machine& machine, int chips,
                         const SearchOptions& options);

/// The keys whose values decide the cost of one layer: everything but pp, vpp, dp, schedule, recompute and sharding.
std::vector<workload::Layout> layer_layouts(const LayoutSpace& space, const workload::PartialLayout& given, int chips);

}  // namespace socle::search
