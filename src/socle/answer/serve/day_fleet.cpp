#include "socle/answer/serve/day_fleet.hpp"

#include <algorithm>

#include "socle/serve/step_model.hpp"

namespace socle::answer {
namespace {

constexpr double kHour = 3600.0;

/// Counts by the hour of their arrival which requests came and which kept the objectives.
class Hours final : public serve::Recorder {
 public:
  Hours(serve::Tally& tally, const Objectives& objectives) : tally_(tally), objectives_(objectives) {}
  void done(const serve::Request& request, const serve::Outcome& outcome) override {
    tally_.done(request, outcome);
    const auto hour = static_cast<std::size_t>(net::to_seconds(outcome.arrival).value() / kHour);
    if (hours_.size() <= hour) hours_.resize(hour + 1);
    ++hours_[hour].came;
    hours_[hour].met += objectives_.met(tally_.requests().back()) ? 1 : 0;
  }
  void turned_away(const serve::Request& request, serve::Refusal why) override {
    tally_.turned_away(request, why);
    const auto hour = static_cast<std::size_t>(request.arrival.value() / kHour);
    if (hours_.size() <= hour) hours_.resize(hour + 1);
    ++hours_[hour].came;
  }
  void gaps(std::int64_t sequences, serve::Picoseconds first, serve::Picoseconds growth, std::int64_t steps) override {
    tally_.gaps(sequences, first, growth, steps);
  }
  std::vector<DayHour> finish(const ChipSteps& chips, int chips_each, Seconds end) const {
    std::vector<DayHour> hours;
    for (std::size_t i = 0; i < hours_.size(); ++i) {
      const Seconds from{static_cast<double>(i) * kHour};
      const Seconds to = std::min(end, from + Seconds{kHour});
      const double length = std::max(1.0, (to - from).value());
      const auto came = static_cast<double>(hours_[i].came);
      hours.push_back({.rate = came / length,
                       .replicas = mean_between(chips, from, from + Seconds{length}) / chips_each,
                       .share_met = came > 0 ? static_cast<double>(hours_[i].met) / came : 1.0});
    }
    return hours;
  }

 private:
  struct Hour {
    std::int64_t came = 0, met = 0;
  };
  serve::Tally& tally_;
  const Objectives& objectives_;
  std::vector<Hour> hours_;
};

/// Stages of a pipeline are simulated as so many smaller replicas, which start and stop together.
class Together final : public serve::Scaler {
 public:
  Together(serve::Scaler& scaler, int parts) : scaler_(scaler), parts_(parts) {}
  int wanted(const serve::ScalingView& view) override {
    return parts_ * scaler_.wanted({.now = view.now,
                                    .ready = std::max(1, view.ready / parts_),
                                    .starting = view.starting / parts_,
                                    .requests = view.requests});
  }

 private:
  serve::Scaler& scaler_;
  int parts_;
};

}  // namespace

std::vector<double> part_rates(workload::RequestSource& source) {
  std::vector<double> rates;
  Seconds last{};
  while (const auto request = source.next()) {
    last = request->arrival;
    const auto part = static_cast<std::size_t>(last / kDayPart);
    if (rates.size() <= part) rates.resize(part + 1);
    rates[part] += 1.0 / kDayPart.value();
    source.completed(*request, last);
  }
  // The last part is seldom whole.
  const double of_last = std::max(30.0, last.value() - kDayPart.value() * static_cast<double>(rates.size() - 1));
  rates.back() *= kDayPart.value() / std::min(of_last, kDayPart.value());
  return rates;
}

DayFleet day_fleet(const DayGround& ground, int replicas, const serve::Scaling* scaling, Progress* progress) {
  const setup::Deployment& deployment = ground.deployment;
  const int parts = deployment.batches;
  serve::StepModel timer(ground.costs, deployment.timing);
  const auto source = ground.setup.requests.make(ground.setup.requests.seed);
  FleetWatch watch(deployment.replica.limits.blocks * deployment.replica.lanes * replicas * parts);
  serve::Tally tally(deployment.timing.edge);
  Hours hours(tally, ground.objectives);
  serve::FleetOptions options{.replica = deployment.replica,
                              .replicas = replicas * parts,
                              .router = ground.setup.router,
                              .observe = [&](const serve::FleetState& state) { watch.see(state); }};
  std::optional<Together> together;
  if (scaling) {
    options.scaling = *scaling;
    options.scaling->scaler = &together.emplace(*scaling->scaler, parts);
    options.scaling->first *= parts;
  }
  const serve::FleetRun run = serve::run_fleet(*source, options, timer, hours, progress);
  DayFleet fleet;
  fleet.figures = figures_of(tally, run, watch, ground.objectives, replicas * parts);
  for (const serve::HeldReplicas& held : run.held)
    fleet.chips.push_back({net::to_seconds(held.from), held.replicas * ground.chips / parts});
  if (fleet.chips.empty()) fleet.chips.push_back({Seconds{}, replicas * ground.chips});
  const Seconds end = net::to_seconds(run.end);
  fleet.most_replicas = most_of(fleet.chips) / ground.chips;
  fleet.chip_hours = chip_seconds(fleet.chips, end) / kHour;
  if (fleet.chip_hours > 0)
    fleet.figures.busy_share = net::to_seconds(run.busy_time).value() / parts / kHour * ground.chips / fleet.chip_hours;
  if (ground.setup.rent_per_chip_hour) fleet.spent = *ground.setup.rent_per_chip_hour * fleet.chip_hours;
  fleet.hours = hours.finish(fleet.chips, ground.chips, end);
  return fleet;
}

}  // namespace socle::answer
