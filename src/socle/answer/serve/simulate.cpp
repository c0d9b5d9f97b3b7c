#include "socle/answer/serve/simulate.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "socle/answer/serve/serve_bench.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::answer {
namespace {

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
// At each load of the curve, of traffic that has more: a p99 then rests on a thousand requests (assumption: enough).
constexpr std::int64_t kRequestsOfACurve = 100'000;

void add_curve(ServeBench& bench, ServeResult& result, Progress* progress) {
  const double rate = result.setup.requests.offered_rate;
  BenchRun run{.replicas = result.setup.replicas, .requests = kRequestsOfACurve};
  if (result.figures.requests > static_cast<double>(kRequestsOfACurve))
    result.setup.serve.assumptions.push_back(
        fmt::format("Latency against load is of the first {} requests.", format_whole(kRequestsOfACurve)));
  for (const double speed : kSpeeds) {
    run.speed = speed;
    const ServeFigures figures = speed == 1.0 ? result.figures : bench.run(run, progress);
    result.curve.push_back(point_of(speed * rate, figures));
    advance(progress);
  }
  if (!result.objectives.any()) return;
  result.capacity = bench.capacity(1.0, run, progress);
  if (result.capacity) *result.capacity *= rate;
}

/// What one token of a mean prompt takes of a replica, in steps of prompts alone.
Seconds prompt_token_time(const ServeResult& result, const serve::StepCosts& costs) {
  const setup::Deployment& deployment = result.deployment;
  const ServeFigures& f = result.figures;
  const double mean = (f.input_tokens - f.cached_tokens) / std::max<double>(1.0, static_cast<double>(f.requests));
  const auto most = static_cast<double>(deployment.replica.limits.max_step_tokens);
  const serve::Chunk chunk{.slot = 1, .tokens = static_cast<std::int64_t>(std::clamp(mean, 1.0, most))};
  const serve::LaneStep lane{.chunks = {&chunk, 1}, .ending = 1};
  const int lanes = deployment.replica.lanes;
  const std::vector<serve::LaneStep> all(static_cast<std::size_t>(lanes), lane);
  serve::StepModel timer(costs, deployment.timing);
  return net::to_seconds(timer.time(all).first) / (static_cast<double>(lanes) * static_cast<double>(chunk.tokens));
}

void add_split(ServeResult& result, const serve::StepCosts& costs, Money spent) {
  const ServeFigures& f = result.figures;
  const double computed = f.input_tokens - f.cached_tokens;
  if (!(computed > 0) || !(f.output_tokens > 0)) return;
  double share = 0;
  if (result.prefill) {
    share = static_cast<double>(result.prefill->chips()) / result.chips;
  } else {
    const double machines = static_cast<double>(result.setup.replicas) * result.deployment.batches;
    const Seconds busy = f.makespan * (f.busy_share * machines);
    if (busy > Seconds{}) share = std::min(1.0, prompt_token_time(result, costs) * computed / busy);
  }
  result.split = PriceSplit{.prompt_share = share,
                            .per_million_input = spent * (share * 1e6 / computed),
                            .per_million_output = spent * ((1 - share) * 1e6 / f.output_tokens)};
}

void add_prices(ServeResult& result, const serve::StepCosts& costs) {
  const ServeFigures& f = result.figures;
  if (!result.setup.rent_per_chip_hour || !(f.makespan > Seconds{})) return;
  const Money spent = *result.setup.rent_per_chip_hour * (result.chips * f.makespan.value() / 3600.0);
  if (f.output_tokens > 0) result.per_million_output = spent * (1e6 / f.output_tokens);
  const double all = f.output_tokens + f.input_tokens;
  if (all > 0) result.per_million_tokens = spent * (1e6 / all);
  add_split(result, costs, spent);
}

/// Where the model does not fit on the prefill side, that side's verdict is the answer.
void add_prefill(ServeResult& result, const machine::MachineSpec& spec) {
  result.prefill = prefill_side(result.setup, result.fit.chosen.layout, spec);
  const PrefillSide& side = *result.prefill;
  result.chips += side.chips();
  result.fits = side.row.fits && side.row.memory->blocks > 0;
  if (!result.fits) result.fit.chosen = side.row;
}

kernel::Basis basis_of(const kernel::ServingKernels& kernels, const setup::Deployment& deployment) {
  const model::Transformer& model = deployment.served.model;
  const double hidden = model.hidden;
  return kernels.linear_time({.m = 64, .n = hidden, .k = hidden}, deployment.served.formats.matrices).basis;
}

Seconds block_compute(const setup::Deployment& deployment, const serve::StepCosts& costs) {
  if (!deployment.replica.limits.tiers.any()) return {};
  serve::StepModel timer(costs, deployment.timing);
  const serve::Chunk block{.slot = 1, .tokens = deployment.replica.limits.prefix_tokens};
  const serve::LaneStep step{.chunks = {&block, 1}, .ending = 0};
  return net::to_seconds(timer.time({&step, 1}).first);
}

}  // namespace

ServeResult serve_simulate(const machine::MachineBuilder& machines, setup::ServeSimulationSetup setup,
                           const ServeOptions& options, Progress* progress) {
  ServeResult result;
  result.fit = serve_fit(setup.serve);
  result.setup = std::move(setup);
  const setup::ServeSimulationSetup& asked = result.setup;
  result.objectives = objectives_of(asked.requests);
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
  std::optional<serve::StepCosts> prompt_costs;
  std::optional<BenchPrefill> prefill;
  if (asked.prefill) {
    add_prefill(result, machine.spec());
    if (!result.fits) return result;
    prompt_costs.emplace(result.prefill->deployment.served, machine, kernels);
    prefill.emplace(BenchPrefill{*result.prefill, *prompt_costs});
  }
  result.block_compute =
      block_compute(prefill ? result.prefill->deployment : result.deployment, prompt_costs ? *prompt_costs : costs);
  ServeBench bench(result.setup, result.deployment, costs, result.objectives, prefill);
  const bool curve = options.curve && asked.requests.offered_rate > 0;
  if (progress) progress->begin("simulating requests", curve ? kSpeeds.size() + 1 : 1);
  if (options.timeline) result.timeline.emplace();
  result.figures = bench.run({.replicas = asked.replicas,
                              .rows = options.keep_rows ? &result.rows : nullptr,
                              .timeline = result.timeline ? &*result.timeline : nullptr},
                             progress);
  advance(progress);
  if (curve) add_curve(bench, result, progress);
  if (asked.serve.chip.tdp && result.figures.makespan > Seconds{})
    result.tokens_per_joule =
        result.figures.output_tokens / (*asked.serve.chip.tdp * result.figures.makespan * result.chips).value();
  add_prices(result, costs);
  return result;
}

}  // namespace socle::answer
