#pragma once

#include <vector>

#include "socle/answer/train/train_result.hpp"

namespace socle::answer {

/// Splits the step time of a case, from the ideal time down:
///
///   ideal            model FLOPs (6N + attention, causal half) / (peak x chips)
///   matrix, attention time of their kernels on the average stage beyond that, recompute excluded
///   memory, recompute, communication by axis, launches   on the average stage
///   imbalance        busiest stage - average stage
///   bubble           makespan of the pipeline - busy time of the busiest stage; held sends are in it
///   data parallel, optimizer, overhead, jitter           once per step
///
/// Invariant: the parts add up to `run.step.step_time`. A part may be slightly negative when kernels run fewer FLOPs
/// than the convention counts.
std::vector<WaterfallStep> waterfall(const TrainCase& run);

}  // namespace socle::answer
