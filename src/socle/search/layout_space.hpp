#pragma once

#include <vector>

#include "socle/model/transformer.hpp"
#include "socle/search/layout_search.hpp"
#include "socle/train/machine.hpp"
#include "socle/workload/partial_layout.hpp"
#include "socle/workload/training_job.hpp"

namespace socle::search {

/// The declared space: legal values of every key, in the order in which layouts are numbered. A key that was given has
/// one value. Documented in docs/design/search.md.
struct LayoutSpace {
  std::vector<int> tensor, context, expert, pipeline, virtual_pipeline, microbatch, recompute_shares;
  std::vector<bool> sequence, tensor_overlap, expert_overlap, grad_overlap, gather_overlap, offload;
  std::vector<workload::Recompute> recompute;
  std::vector<workload::Sharding> sharding;
  std::vector<workload::Schedule> schedules;   ///< empty: 1F1B, or interleaved where vpp > 1
};

LayoutSpace layout_space(const model::Transformer& model, const workload::TrainingJob& job, const workload::PartialLayout& given,
                         const train::Machine& machine, int chips, const SearchOptions& options);

/// The keys whose values decide the cost of one layer: everything but pp, vpp, dp, schedule, recompute and sharding.
std::vector<workload::Layout> layer_layouts(const LayoutSpace& space, const workload::PartialLayout& given, int chips);

}  // namespace socle::search
