#include "socle/answer/serve/simulate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace socle::answer {
namespace {

/// The same requests, their arrivals and waits divided by a speed.
class Faster final : public workload::RequestSource {
 public:
  Faster(std::unique_ptr<workload::RequestSource> source, double speed) : source_(std::move(source)), speed_(speed) {}
  std::optional<workload::Request> next() override {
    std::optional<workload::Request> request = source_->next();
    if (request) request->arrival /= speed_;
    return request;
  }
  void completed(const workload::Request& request, Seconds time) override {
    source_->completed(request, time * speed_);
  }

 private:
  std::unique_ptr<workload::RequestSource> source_;
  double speed_;
};

/// A deployment that can be run again and again under one traffic.
class Bench {
 public:
  Bench(const ServeResult& result, const serve::StepCosts& costs)
      : setup_(result.setup),
        objectives_(result.objectives),
        deployment_(result.deployment),
        timer_(costs, result.deployment.timing) {}

  /// `rows` takes the figures of every request when it is set.
  ServeFigures run(double speed, Progress* progress, std::vector<serve::RequestRow>* rows = nullptr) {
    Faster source(setup_.requests.make(setup_.requests.seed), speed);
    const int replicas = setup_.replicas * deployment_.batches;
    const std::int64_t blocks = deployment_.replica.limits.blocks * deployment_.replica.lanes * replicas;
    FleetWatch watch(blocks);
    serve::Tally tally(rows != nullptr);
    const serve::FleetRun run = serve::run_fleet(source,
                                                 {.replica = deployment_.replica,
                                                  .replicas = replicas,
                                                  .router = setup_.router,
                                                  .observe = [&](const serve::FleetState& s) { watch.see(s); }},
                                                 timer_, tally, progress);
    if (rows) *rows = tally.rows();
    return figures_of(tally, run, watch, objectives_, deployment_.timing.request, replicas);
  }

 private:
  const setup::ServeSimulationSetup& setup_;
  const Objectives& objectives_;
  const setup::Deployment& deployment_;
  serve::StepModel timer_;  ///< remembers step times from run to run
};

LoadPoint point_of(double rate, const ServeFigures& f) {
  return {.rate = rate,
          .ttft_mean = f.ttft.mean,
          .ttft_p99 = f.ttft.p99,
          .tpot_mean = f.tpot.mean,
          .tpot_p99 = f.tpot.p99,
          .output_per_second = f.per_second(f.output_tokens),
          .share_met = f.share_met};
}

constexpr std::array<double, 7> kSpeeds = {0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0};
constexpr int kBisections = 12;
constexpr double kWidest = 1024;  // times the stated load, up or down, where the search for the capacity ends

// The same requests at every load, so that one load differs from another by its load alone.
std::optional<double> capacity_of(Bench& bench, const ServeResult& result, Progress* progress) {
  const double share = result.objectives.share;
  const auto holds = [&](double speed) { return bench.run(speed, progress).share_met >= share; };
  const bool holds_now = result.figures.share_met >= share;
  double good = holds_now ? 1.0 : 0.0, bad = holds_now ? 0.0 : 1.0;
  if (holds_now) {
    for (bad = 2.0; bad <= kWidest && holds(bad); bad *= 2.0) good = bad;
    if (bad > kWidest) return std::nullopt;
  } else {
    for (good = 0.5; good >= 1.0 / kWidest && !holds(good); good /= 2.0) bad = good;
    if (good < 1.0 / kWidest) return 0.0;
  }
  for (int i = 0; i < kBisections && bad / good > 1.01; ++i) {
    const double middle = std::sqrt(good * bad);
    (holds(middle) ? good : bad) = middle;
  }
  return good * result.setup.requests.offered_rate;
}

void add_curve(Bench& bench, ServeResult& result, Progress* progress) {
  const double rate = result.setup.requests.offered_rate;
  for (const double speed : kSpeeds) {
    const ServeFigures figures = speed == 1.0 ? result.figures : bench.run(speed, progress);
    result.curve.push_back(point_of(speed * rate, figures));
    advance(progress);
  }
  if (result.objectives.any()) result.capacity = capacity_of(bench, result, progress);
}

void add_prices(ServeResult& result) {
  const ServeFigures& f = result.figures;
  if (!result.setup.rent_per_chip_hour || !(f.makespan > Seconds{})) return;
  const Money spent = *result.setup.rent_per_chip_hour * (result.chips * f.makespan.value() / 3600.0);
  if (f.output_tokens > 0) result.per_million_output = spent * (1e6 / f.output_tokens);
  const double all = f.output_tokens + f.input_tokens;
  if (all > 0) result.per_million_tokens = spent * (1e6 / all);
}

kernel::Basis basis_of(const kernel::ServingKernels& kernels, const setup::Deployment& deployment) {
  const model::Transformer& model = deployment.served.model;
  const double hidden = model.hidden;
  return kernels.linear_time({.m = 64, .n = hidden, .k = hidden}, deployment.served.formats.matrices).basis;
}

}  // namespace

ServeResult serve_simulate(const machine::MachineBuilder& machines, setup::ServeSimulationSetup setup,
                           const ServeOptions& options, Progress* progress) {
  ServeResult result;
  result.fit = serve_fit(setup.serve);
  result.setup = std::move(setup);
  const setup::ServeSimulationSetup& asked = result.setup;
  const setup::ServiceObjectives& slo = asked.requests.slo;
  result.objectives = {.ttft = slo.ttft, .tpot = slo.tpot, .e2e = slo.e2e, .share = slo.percentile};
  const FitRow& row = result.fit.chosen;
  result.fits = row.fits && row.memory && row.memory->blocks > 0;
  result.chips = row.layout.chips() * asked.replicas;
  if (!result.fits) return result;
  result.deployment = setup::deploy(asked, row.layout, *row.memory);
  const std::string& chip = asked.serve.chip.slug;
  const machine::Machine machine = machines.build(
      {.chip = chip, .chips_per_node = asked.serve.chips_per_node, .nic_per_chip = {}}, catalog::Stack{});
  const kernel::ServingKernels& kernels = machines.serving_kernels(chip);
  result.basis = basis_of(kernels, result.deployment);
  const serve::StepCosts costs(result.deployment.served, machine, kernels);
  Bench bench(result, costs);
  const bool curve = options.curve && asked.requests.offered_rate > 0;
  if (progress) progress->begin("simulating requests", curve ? kSpeeds.size() + 1 : 1);
  result.figures = bench.run(1.0, progress, options.keep_rows ? &result.rows : nullptr);
  advance(progress);
  if (curve) add_curve(bench, result, progress);
  add_prices(result);
  return result;
}

}  // namespace socle::answer
