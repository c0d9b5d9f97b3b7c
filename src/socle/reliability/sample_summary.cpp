#include "socle/reliability/sample_summary.hpp"

#include <algorithm>
#include <cmath>

namespace socle::reliability {

Quantiles quantiles_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  // The smallest value that at least the share of the samples does not exceed.
  const auto at = [&](double share) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
  };
  return {at(0.01), at(0.1), at(0.5), at(0.9), at(0.99)};
}

SimulatedGoodput summary(const std::vector<JobSample>& samples) {
  SimulatedGoodput result;
  result.samples = static_cast<std::int64_t>(samples.size());
  const auto count = static_cast<double>(samples.size());
  double clock = 0, useful = 0;
  std::vector<double> effective, wall, interruptions;
  for (const JobSample& sample : samples) {
    for (const TimePart& part : kTimeParts) result.shares.*part.part += sample.parts.*part.part;
    clock += sample.clock;
    useful += sample.parts.productive;
    result.interruptions += static_cast<double>(sample.interruptions) / count;
    effective.push_back(sample.parts.productive / sample.clock);
    wall.push_back(sample.clock);
    interruptions.push_back(static_cast<double>(sample.interruptions));
    result.balance_error = std::max(result.balance_error, std::fabs(sample.parts.sum() - sample.clock) / sample.clock);
  }
  for (const TimePart& part : kTimeParts) result.shares.*part.part /= clock;
  result.effective = useful / clock;
  double squares = 0;
  for (const double one : wall) squares += (one - clock / count) * (one - clock / count);
  if (samples.size() > 1)
    result.effective_error = result.effective * std::sqrt(squares / (count - 1) / count) / (clock / count);
  result.effectives.assign(effective.begin(), effective.end());
  std::sort(result.effectives.begin(), result.effectives.end());
  result.effective_quantiles = quantiles_of(std::move(effective));
  result.wall = quantiles_of(std::move(wall));
  result.interruption_quantiles = quantiles_of(std::move(interruptions));
  return result;
}

}  // namespace socle::reliability
