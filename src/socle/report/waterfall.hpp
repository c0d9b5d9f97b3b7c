#pragma once

#include <string>
#include <vector>

#include "socle/report/train_case.hpp"

namespace socle::report {

/// One named part of the step time.
struct WaterfallStep {
  std::string key;     ///< for JSON, e.g. "tensor_parallel"
  std::string label;
  Seconds time{};
};

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

/// Bars in text, at most 100 columns: each starts where the one above ends.
std::string waterfall_text(const std::vector<WaterfallStep>& steps);

}  // namespace socle::report
