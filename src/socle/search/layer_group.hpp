#pragma once

#include "socle/search/layout_space.hpp"
#include "socle/train/cost_set.hpp"

namespace socle::search {

/// Of all layers for one microbatch: what one way to recompute adds at least, and what it holds.
struct RecomputeSums {
  Seconds time{};
  Bytes held{};
};

/// All layouts that share one set of layer costs, and what bounds them from below.
struct LayerGroup {
  workload::Layout layout;  ///< tp, sp, cp, ep, microbatch and their overlaps
  train::CostSet costs;
  Seconds work{};                          ///< forward and backward of every layer and both ends, one microbatch
  std::vector<RecomputeSums> recompute{};  ///< by the space's ways to recompute
  double dense_parameters = 0;             ///< of all layers, per tensor-parallel rank
  double expert_parameters = 0;
  double trained_share = 1;
  Seconds floor{};  ///< no layout of the group is faster: work spread evenly, no bubble, no exposed traffic
};

/// Why no layout of these layer keys can be, or the group. `chips` sets the floor.
Feasible<LayerGroup> layer_group(const model::Transformer& model, const workload::TrainingJob& job,
                                 const workload::Layout& layout, const machine::Machine& machine, int chips,
                                 const LayoutSpace& space, const workload::PartialLayout& given);

/// Does one layout of the group surely not fit? States of an average stage, and the activations that the first stage
/// holds in every schedule, of `held` in all layers.
bool surely_too_large(const LayerGroup& group, const workload::TrainingJob& job, const workload::Layout& layout,
                      const machine::Machine& machine, Bytes held, Bytes limit);

/// No step of this layout is faster: its work with `recompute`, spread evenly over the stages.
Seconds time_floor(const LayerGroup& group, const workload::TrainingJob& job, const workload::Layout& layout,
                   Seconds recompute);

}  // namespace socle::search
