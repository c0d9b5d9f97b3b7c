#include "socle/answer/serve/serve_day.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

#include "socle/answer/serve/day_fleet.hpp"
#include "socle/answer/serve/serve_bench.hpp"
#include "socle/base/check.hpp"
#include "socle/base/parallel_for.hpp"
#include "socle/memory/serving_memory.hpp"

namespace socle::answer {
namespace {

// Tried in this order until the scaled fleet keeps the objectives.
constexpr std::array<double, 6> kHeadrooms = {0.0, 0.1, 0.2, 0.3, 0.5, 1.0};
// A fleet that follows requests in flight is held at this share of those that a replica has at its capacity: the rest
// is what comes until another has started (assumption).
constexpr double kTargetShare = 0.8;

void add_start_up(DayModel& model, const StartUp& start_up) {
  const setup::ServeSimulationSetup& serving = model.setup.serving;
  const int a_node = std::min(model.chips, serving.serve.chips_per_node);
  model.loading = model.fit.chosen.memory->weights.total() * a_node / start_up.load_per_node;
  model.start_up = start_up.image + model.loading + start_up.warm_up;
}

/// Replicas that each part of the day needs, and those that run in any case.
std::vector<int> needed(const DayModel& model, const std::vector<double>& rates, const DayOptions& options,
                        double headroom) {
  std::vector<int> replicas;
  for (const double rate : rates) {
    const double least = std::ceil(rate * (1 + headroom) / model.capacity - 1e-9);
    replicas.push_back(std::max(options.least, static_cast<int>(std::clamp(least, 1.0, 1e5))) + options.spare);
  }
  return replicas;
}

class Study {
 public:
  Study(const machine::MachineBuilder& machines, const DayOptions& options, DayModel& model, Progress* progress)
      : options_(options),
        model_(model),
        progress_(progress),
        machine_(machines.build({.chip = model.setup.serving.serve.chip.slug,
                                 .chips_per_node = model.setup.serving.serve.chips_per_node,
                                 .nic_per_chip = {}},
                                catalog::Stack{})),
        deployment_(setup::deploy(model.setup.serving, model.fit.chosen.layout, *model.fit.chosen.memory)),
        costs_(deployment_.served, machine_, machines.serving_kernels(model.setup.serving.serve.chip.slug)) {}

  void run() {
    measure_replica();
    if (!(model_.capacity > 0)) return;
    rates_ = part_rates(*model_.setup.serving.requests.make(model_.setup.serving.requests.seed));
    model_.peak_rate = *std::max_element(rates_.begin(), rates_.end());
    advance(progress_);
    run_fixed();
    advance(progress_);
    run_scaled();
    advance(progress_);
  }

 private:
  /// What a replica carries of the same requests at a constant rate, and how many it has in flight then.
  void measure_replica() {
    setup::ServeSimulationSetup flat = model_.setup.serving;
    flat.requests = model_.setup.flat;
    ServeBench bench(flat, deployment_, costs_, model_.objectives);
    const double rate = flat.requests.offered_rate;
    const std::int64_t all = flat.requests.count;
    const auto capacity = bench.capacity(1.0, {.requests = all}, progress_);
    const double speed = capacity.value_or(1024.0);
    model_.capacity = speed * rate;
    if (!(speed > 0)) return;
    const ServeFigures full = bench.run({.speed = speed, .requests = all}, progress_);
    in_flight_ = std::max(1.0, full.mean_running + full.mean_waiting);
  }

  DayFleet play(int replicas, const serve::Scaling* scaling) {
    return day_fleet({.setup = model_.setup.serving,
                      .deployment = deployment_,
                      .costs = costs_,
                      .objectives = model_.objectives,
                      .chips = model_.chips},
                     replicas, scaling, progress_);
  }

  // One more while the objectives do not hold, because bursts fall unevenly, up to half as many again.
  void run_fixed() {
    const std::vector<int> wanted = needed(model_, rates_, options_, 0);
    int replicas = *std::max_element(wanted.begin(), wanted.end());
    const int most = replicas * 3 / 2 + 1;
    do {
      model_.fixed = play(replicas, nullptr);
    } while (!model_.objectives.hold(model_.fixed.figures) && replicas++ < most);
  }

  void run_scaled() {
    for (const double headroom : kHeadrooms) {
      model_.headroom = headroom;
      model_.target = in_flight_ * kTargetShare / (1 + headroom);
      const std::vector<int> wanted = needed(model_, rates_, options_, headroom);
      const std::unique_ptr<serve::Scaler> scaler = scaler_of(wanted);
      const serve::Scaling scaling{.scaler = scaler.get(),
                                   .first = wanted.front(),
                                   .interval = net::to_picoseconds(options_.interval),
                                   .start_up = net::to_picoseconds(model_.start_up)};
      model_.scaled = play(2 * model_.fixed.most_replicas, &scaling);
      if (model_.objectives.hold(model_.scaled.figures)) return;
    }
  }

  std::unique_ptr<serve::Scaler> scaler_of(const std::vector<int>& wanted) const {
    if (options_.policy == ScalePolicy::kReactive)
      return std::make_unique<serve::ReactiveScaler>(model_.target, options_.least + options_.spare);
    return std::make_unique<serve::ForecastScaler>(wanted, net::to_picoseconds(kDayPart),
                                                   net::to_picoseconds(model_.start_up + options_.interval));
  }

  const DayOptions& options_;
  DayModel& model_;
  Progress* progress_;
  machine::Machine machine_;
  setup::Deployment deployment_;
  serve::StepCosts costs_;
  std::vector<double> rates_;  ///< requests a second, by parts of the day
  double in_flight_ = 1;       ///< of a replica at its capacity
};

void share_pool(DayResult& result) {
  std::vector<ChipSteps> all;
  for (const DayModel& model : result.models) {
    all.push_back(model.scaled.chips);
    result.fixed_chips += model.fixed.most_replicas * model.chips;
    result.end = std::max(result.end, model.scaled.figures.makespan);
    result.end = std::max(result.end, model.scaled.chips.back().from);
  }
  result.chips = sum_of(all);
  result.pool = result.options.pool.value_or(most_of(result.chips));
  result.short_time = time_above(result.chips, result.pool, result.end);
  if (result.options.idle) result.idle = idle_use(result.chips, result.pool, *result.options.idle, result.end);
}

void add_sentences(DayResult& result) {
  const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& more) {
    for (const std::string& sentence : more) {
      if (std::find(to.begin(), to.end(), sentence) == to.end()) to.push_back(sentence);
    }
  };
  for (const DayModel& model : result.models) {
    add(result.assumptions, model.setup.serving.serve.assumptions);
    add(result.doubts, model.setup.serving.serve.doubts);
  }
  add(result.assumptions, result.options.assumptions);
}

}  // namespace

bool DayResult::holds() const {
  return std::all_of(models.begin(), models.end(), [](const DayModel& m) { return m.holds(); });
}

DayResult serve_day(const machine::MachineBuilder& machines, std::vector<setup::ServeDaySetup> setups,
                    const DayOptions& options, Progress* progress) {
  SOCLE_CHECK(!setups.empty(), "a day has deployments");
  DayResult result;
  result.options = options;
  for (setup::ServeDaySetup& setup : setups) {
    DayModel& model = result.models.emplace_back();
    model.fit = serve_fit(setup.serving.serve);
    model.setup = std::move(setup);
    model.objectives = objectives_of(model.setup.serving.requests);
    const FitRow& row = model.fit.chosen;
    model.chips = row.layout.chips();
    model.fits = row.fits && row.memory && row.memory->blocks > 0;
    if (model.fits) add_start_up(model, options.start_up);
  }
  if (progress) progress->begin("playing the day", 3 * result.models.size());
  parallel_for(result.models.size(), options.threads, [&](std::size_t i) {
    if (result.models[i].fits) Study(machines, options, result.models[i], progress).run();
  });
  if (result.holds()) share_pool(result);
  add_sentences(result);
  return result;
}

}  // namespace socle::answer
