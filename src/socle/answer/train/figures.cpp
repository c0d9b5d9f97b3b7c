#include "socle/answer/train/figures.hpp"

namespace socle::answer {
namespace {

/// Straight-line life of a bought node, for the price of a run (assumption; the user's books may say otherwise).
constexpr double kLifeYears = 5.0;
constexpr Seconds kYear{365.25 * 86400.0};
constexpr Seconds kHour{3600.0};

std::string step_basis(const TrainCase& run) {
  const bool one_of_many = run.stacks && run.stacks->stacks.size() > 1;
  if (run.machine.stack().runs > 0 && !one_of_many) return "calibrated";
  if (run.machine.spec().calibration.runs > 0) return "stack assumed";
  return run.step.measured_share >= 0.5 ? "measured" : "datasheet";
}

/// A figure that grows with the step time, and one that falls with it.
template <typename T>
Ranged<T> direct(T value, const train::StepRange& range) {
  return {value, value * range.low, value * range.high};
}
template <typename T>
Ranged<T> inverse(T value, const train::StepRange& range) {
  return {value, value / range.high, value / range.low};
}

}  // namespace

TrainFigures train_figures(const TrainCase& run) {
  const train::StepResult& step = run.step;
  const train::StepRange range = run.stacks ? run.stacks->range() : train::step_range(step, run.machine);
  const setup::ClusterFacts& cluster = run.cluster;
  const TokensPerSecond throughput = step.tokens / step.step_time;
  TrainFigures figures{.basis = step_basis(run),
                       .range_low = range.low,
                       .range_high = range.high,
                       .step_time = direct(step.step_time, range),
                       .throughput = inverse(throughput, range),
                       .throughput_per_chip = inverse(throughput / static_cast<double>(cluster.chips), range),
                       .mfu = inverse(step.mfu, range),
                       .mfu_full_attention = inverse(step.mfu_full_attention, range),
                       .hfu = inverse(step.hfu, range),
                       .energy_of_step = {},
                       .run = {},
                       .energy_of_run = {},
                       .rent_of_run = {},
                       .hardware_of_run = {},
                       .rated_power = {}};
  if (cluster.rated_power > Watts{}) {
    figures.rated_power = cluster.rated_power;
    figures.energy_of_step = direct(cluster.rated_power * step.step_time, range);
  }
  if (!(run.job.total_tokens > Tokens{})) return figures;
  const Seconds length = step.step_time * (run.job.total_tokens / step.tokens);
  figures.run = direct(length, range);
  if (figures.rated_power) figures.energy_of_run = direct(cluster.rated_power * length, range);
  if (cluster.rent_per_chip_hour) {
    figures.rent_of_run = direct(*cluster.rent_per_chip_hour * (cluster.chips * (length / kHour)), range);
  }
  if (cluster.price) figures.hardware_of_run = direct(*cluster.price * (length / (kLifeYears * kYear)), range);
  return figures;
}

}  // namespace socle::answer
