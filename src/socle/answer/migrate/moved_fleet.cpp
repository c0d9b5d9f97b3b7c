#include <algorithm>
#include <map>
#include <utility>

#include "socle/answer/migrate/serving_migration.hpp"
#include "socle/answer/serve/planner.hpp"

namespace socle::answer {
namespace {

// Clients start together: enough rounds that this burst is a small part of the means.
constexpr std::int64_t kRoundsOfClients = 16, kRequestsLeast = 256, kRequestsMost = 32768;

/// Runs one configuration under its share of the clients.
MovedFleet run(const Planner& planner, const setup::ServingMove& move, const setup::MoveSide& side,
               const PlanWork& work, int source_chips) {
  const int chips = work.entry.layout.chips();
  MovedFleet fleet;
  fleet.layout = work.entry.layout;
  fleet.formats = work.entry.formats;
  fleet.replicas = std::max(1, source_chips / chips);
  fleet.chips = fleet.replicas * chips;
  fleet.clients = std::max(1, (move.concurrency + fleet.replicas - 1) / fleet.replicas);
  setup::ServeSimulationSetup setup = planner.setup_of(work);
  setup.requests = move.load(fleet.clients);
  const serve::StepCosts costs = planner.costs(work);
  const Objectives none;
  ServeBench bench(setup, *work.deployment, costs, none);
  const std::int64_t requests =
      std::clamp<std::int64_t>(kRoundsOfClients * fleet.clients, kRequestsLeast, kRequestsMost);
  fleet.figures = bench.run({.requests = requests});
  const FitRow row = fit_row(work.serve, work.entry.layout);
  fleet.weights_per_chip = row.memory->weights.total();
  fleet.cache_tokens =
      static_cast<double>(row.memory->blocks) * work.serve.engine.block_tokens * work.entry.layout.data_parallel;
  fleet.ttft = work.deployment->facts.ttft;
  fleet.tpot = work.deployment->facts.tpot;
  fleet.measured = work.deployment->facts.measured;
  if (side.rent && fleet.output_per_chip() > 0)
    fleet.per_million_output = *side.rent * (1e6 / 3600 / fleet.output_per_chip());
  return fleet;
}

ServePlanResult planned(const setup::MoveSide& side, std::vector<model::ServingFormats> formats) {
  ServePlanResult result;
  result.candidates.push_back(*side.simulation);
  result.options.formats = std::move(formats);
  result.options.search_limits = false;
  return result;
}

/// Layouts worth running: no more chips than the source has, or than the smallest on which the model fits.
std::vector<PlanWork> worth_running(std::vector<PlanWork> works, int source_chips) {
  int least = 1 << 20;
  for (const PlanWork& work : works) {
    if (work.deployment) least = std::min(least, work.entry.layout.chips());
  }
  const int most = std::max(source_chips, 2 * least);
  std::erase_if(works, [&](const PlanWork& work) { return !work.deployment || work.entry.layout.chips() > most; });
  return works;
}

/// The most output a chip among those that keep the pace; where none does, among those near the fastest token.
std::optional<MovedFleet> chosen(const std::vector<MovedFleet>& fleets, std::optional<Seconds> pace) {
  if (fleets.empty()) return std::nullopt;
  Seconds fastest = fleets.front().figures.tpot.mean;
  for (const MovedFleet& fleet : fleets) fastest = std::min(fastest, fleet.figures.tpot.mean);
  const Seconds most = pace ? std::max(*pace * kSlowerAtMost, fastest * kNearFastest) : Seconds{1e9};
  const MovedFleet* best = nullptr;
  for (const MovedFleet& fleet : fleets) {
    if (fleet.figures.tpot.mean > most) continue;
    if (best == nullptr || fleet.output_per_chip() > best->output_per_chip()) best = &fleet;
  }
  return *best;
}

}  // namespace

std::vector<MovedFleet> fleets_on(const machine::MachineBuilder& machines, const setup::ServingMove& move,
                                  const setup::MoveSide& side, int chips, std::optional<Seconds> token_time) {
  std::vector<MovedFleet> best;
  for (std::size_t choice = 0; choice < side.formats.size(); ++choice) {
    const ServePlanResult plan = planned(side, {side.formats[choice].formats});
    const Planner planner(machines, plan, nullptr);
    std::vector<PlanWork> works = plan_works(plan.candidates, plan.options, PlanSide::kBoth);
    for (PlanWork& work : works) planner.prepare(work, PlanSide::kBoth);
    std::vector<MovedFleet> fleets;
    for (const PlanWork& work : worth_running(std::move(works), chips)) {
      fleets.push_back(run(planner, move, side, work, chips));
      fleets.back().choice = choice;
    }
    if (auto one = chosen(fleets, token_time)) best.push_back(*std::move(one));
  }
  if (const auto first = chosen(best, token_time)) {
    std::stable_partition(best.begin(), best.end(),
                          [&](const MovedFleet& fleet) { return fleet.choice == first->choice; });
  }
  return best;
}

MovedFleet fleet_as_launched(const machine::MachineBuilder& machines, const setup::ServingMove& move) {
  const setup::ServeSimulationSetup& asked = *move.from.simulation;
  const FitResult fit = serve_fit(asked.serve);
  const ServePlanResult plan = planned(move.from, {asked.serve.formats});
  const Planner planner(machines, plan, nullptr);
  PlanWork work{.entry = {}, .serve = asked.serve, .deployment = {}};
  work.entry.layout = fit.chosen.layout;
  work.entry.formats = asked.serve.formats;
  planner.prepare(work, PlanSide::kBoth);
  return run(planner, move, move.from, work, fit.chosen.layout.chips());
}

}  // namespace socle::answer
