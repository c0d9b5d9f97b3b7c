#include "socle/answer/serve/simulate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace socle::answer {
namespace {

/// A deployment that can be run again and again under one traffic.
class Bench {
 public:
  Bench(const ServeQuestion& question, const setup::Deployment& deployment, const serve::StepCosts& costs)
      : question_(question), deployment_(deployment), timer_(costs, deployment.timing) {}

  ServeFigures run(double speed, Progress* progress) {
    const std::unique_ptr<workload::RequestSource> source = question_.traffic.play(speed);
    const int replicas = question_.replicas * deployment_.batches;
    const std::int64_t blocks = deployment_.replica.limits.blocks * deployment_.replica.lanes * replicas;
    FleetWatch watch(blocks);
    serve::Tally tally;
    const serve::FleetRun run = serve::run_fleet(*source,
                                                 {.replica = deployment_.replica,
                                                  .replicas = replicas,
                                                  .router = question_.router,
                                                  .observe = [&](const serve::FleetState& s) { watch.see(s); }},
                                                 timer_, tally, progress);
    return figures_of(tally, run, watch, question_.traffic.objectives, deployment_.timing.request, replicas);
  }

 private:
  const ServeQuestion& question_;
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
std::optional<double> capacity_of(Bench& bench, const Traffic& traffic, bool holds_now, Progress* progress) {
  const auto holds = [&](double speed) { return bench.run(speed, progress).share_met >= traffic.objectives.share; };
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
  return good * traffic.offered_rate;
}

void add_curve(Bench& bench, ServeResult& result, Progress* progress) {
  const Traffic& traffic = result.question.traffic;
  for (const double speed : kSpeeds) {
    const ServeFigures figures = speed == 1.0 ? result.figures : bench.run(speed, progress);
    result.curve.push_back(point_of(speed * traffic.offered_rate, figures));
    advance(progress);
  }
  if (traffic.objectives.any())
    result.capacity = capacity_of(bench, traffic, result.figures.share_met >= traffic.objectives.share, progress);
}

void add_prices(ServeResult& result) {
  const ServeFigures& f = result.figures;
  if (!result.question.rent_per_chip_hour || !(f.makespan > Seconds{})) return;
  const Money spent = *result.question.rent_per_chip_hour * (result.chips * f.makespan.value() / 3600.0);
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

ServeResult serve_simulate(const machine::MachineBuilder& machines, ServeQuestion question,
                           const catalog::ServingTiming& timing, Progress* progress) {
  ServeResult result;
  result.fit = serve_fit(question.setup);
  result.question = std::move(question);
  const ServeQuestion& asked = result.question;
  const FitRow& row = result.fit.chosen;
  result.fits = row.fits && row.memory && row.memory->blocks > 0;
  result.chips = row.layout.chips() * asked.replicas;
  if (!result.fits) return result;
  result.deployment = setup::deploy(asked.setup, row.layout, *row.memory, timing);
  setup::Deployment& deployment = result.deployment;
  deployment.served.speculation = asked.speculation;
  if (asked.skew) deployment.served.skew = *asked.skew;
  deployment.replica.limits.step_sixteenths = asked.speculation.step_sixteenths();
  if (asked.prefix_caching) deployment.replica.limits.prefix_caching = *asked.prefix_caching;
  const std::string& chip = asked.setup.chip.slug;
  const machine::Machine machine = machines.build(
      {.chip = chip, .chips_per_node = asked.setup.chips_per_node, .nic_per_chip = {}}, catalog::Stack{});
  const kernel::ServingKernels& kernels = machines.serving_kernels(chip);
  result.basis = basis_of(kernels, deployment);
  const serve::StepCosts costs(deployment.served, machine, kernels);
  Bench bench(asked, deployment, costs);
  const bool curve = asked.curve && asked.traffic.offered_rate > 0;
  if (progress) progress->begin("simulating requests", curve ? kSpeeds.size() + 1 : 1);
  result.figures = bench.run(1.0, progress);
  advance(progress);
  if (curve) add_curve(bench, result, progress);
  add_prices(result);
  return result;
}

}  // namespace socle::answer
