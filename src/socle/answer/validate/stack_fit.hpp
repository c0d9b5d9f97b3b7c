#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/answer/validate/training_case.hpp"
#include "socle/base/progress.hpp"
#include "socle/catalog/stack.hpp"
#include "socle/catalog/stacks.hpp"
#include "socle/machine/machine_builder.hpp"

namespace socle::answer {

/// Figures of one stack from measured runs, the rule by which the catalogue's own are fitted (tools/fit_training.py):
///
///   sum w_i huber(ln(predicted_i / measured_i)) / noise^2 + sum 1/2 ((x - prior) / width)^2
///
/// is descended along one figure after another (logarithms, but shares as they are), within the least and the most that
/// physics allows. huber(e) = e^2 / 2 up to kHuber, a straight line beyond; w_i = 1 / sqrt(near copies of run i).
/// Priors, widths and bounds: catalog/stack_figures.hpp.
inline constexpr double kHuber = 0.12;
inline constexpr double kNoise = 0.06;      ///< what a run scatters by between machines of one kind, in log units
inline constexpr int kFreeFigures = 8;      ///< figures that the runs of a stack move freely; the others stay at priors
inline constexpr double kRangeTail = 0.04;  ///< below and above the stated range

/// A run that can be predicted and was measured.
struct FitRun {
  const TrainingCase* run = nullptr;  ///< lives longer
  double weight = 1;
};

/// Predicted step time and the fullest stage's memory of one run on a stack; empty: the layout cannot be estimated.
struct FitPrediction {
  Seconds step{};
  Bytes memory{};
};
std::optional<FitPrediction> predict_on(const machine::MachineBuilder& machines, const TrainingCase& run,
                                        const catalog::Stack& stack);

/// The figures of `prior` after the runs: its own are the priors of the fit. Error and range are left alone.
/// Deterministic for any number of threads. Throws Cancelled.
catalog::Stack fit_figures(const machine::MachineBuilder& machines, const std::vector<FitRun>& runs,
                           const catalog::Stack& prior, unsigned threads, Progress* progress = nullptr);

/// Allocator overhead and reserve of the stack from the runs that state their memory, least mean absolute error over a
/// grid; the error. Empty: fewer than four runs state it.
std::optional<double> fit_memory(const machine::MachineBuilder& machines, const std::vector<FitRun>& runs,
                                 catalog::Stack& stack, unsigned threads, Progress* progress = nullptr);

/// Error and 90 % range of a stack from measured / predicted of the runs that it was fitted on: their quantiles, drawn
/// towards `everyone` by n / (n + 12), then widened because fitted runs scatter less than runs to come.
/// Requires: at least one ratio.
void take_range(std::vector<double> ratios, const catalog::FittedRange& everyone, catalog::Stack& stack);

}  // namespace socle::answer
