#include "socle/answer/serve/serve_plan.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "socle/answer/serve/plan_apart.hpp"
#include "socle/answer/serve/plan_mix.hpp"
#include "socle/answer/serve/planner.hpp"
#include "socle/base/check.hpp"
#include "socle/base/error.hpp"
#include "socle/base/parallel_for.hpp"

namespace socle::answer {
namespace {

using setup::ServeSimulationSetup;

/// The mix of lowest cost that carries the rate, and then keeps the objectives: a twentieth more is asked of it while
/// it does not, up to half as much again. Requires: works in the order of the answer.
std::optional<PlanMix> find_mix(const Planner& planner, const std::vector<PlanWork>& works,
                                const ServePlanResult& result, int& runs) {
  constexpr int kOfEach = 3;  // configurations of one chip
  const ServePlanOptions& options = result.options;
  std::vector<MixOption> kinds;
  std::vector<std::size_t> entries;
  std::map<std::size_t, int> taken;
  for (std::size_t i = 0; i < works.size(); ++i) {
    const PlanEntry& e = works[i].entry;
    if (e.verdict != PlanVerdict::kHolds || taken[e.candidate]++ >= kOfEach) continue;
    const int chips = e.layout.chips();
    kinds.push_back({.stock = e.candidate,
                     .chips = chips,
                     .capacity = e.capacity,
                     .cost = plan_cost(result.candidates[e.candidate], options, chips)});
    entries.push_back(i);
  }
  std::optional<PlanMix> found;
  for (double rate = result.rate; rate < 1.5 * result.rate; rate *= 1.05) {
    const auto mix = cheapest_mix(kinds, options.stock, rate, options.spare_replicas);
    if (!mix) return found;
    found.emplace();
    found->cost = mix->cost;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      if (mix->replicas[i] > 0) found->parts.push_back({entries[i], mix->replicas[i]});
      found->chips += mix->replicas[i] * kinds[i].chips;
    }
    found->figures = planner.mixed(works, *found);
    ++runs;
    if (result.objectives.hold(found->figures)) return found;
  }
  return found;
}

void check_goal(const ServePlanResult& result) {
  Problems problems;
  for (const ServeSimulationSetup& setup : result.candidates) {
    if (result.options.goal == PlanGoal::kPrice && !setup.rent_per_chip_hour)
      problems.add({{},
                    0,
                    0,
                    "rent",
                    fmt::format("the rent of {} is not stated; write it, or plan for chips", setup.serve.chip.name)});
    if (result.options.goal == PlanGoal::kPower && !setup.serve.chip.tdp)
      problems.add(
          {{}, 0, 0, "goal", fmt::format("the power of {} is not public; plan for chips", setup.serve.chip.name)});
  }
  problems.throw_if_any();
}

}  // namespace

bool ServePlanResult::apart_wins() const {
  if (!apart || !apart->found || !apart->found->holds) return false;
  const bool together =
      !entries.empty() && entries.front().verdict == PlanVerdict::kBest && best && objectives.hold(*best);
  return !together || apart->cost() < entries.front().cost;
}

ServePlanResult serve_plan(const machine::MachineBuilder& machines, std::vector<ServeSimulationSetup> candidates,
                           const ServePlanOptions& options, Progress* progress) {
  SOCLE_CHECK(!candidates.empty(), "a plan has candidates");
  ServePlanResult result;
  result.candidates = std::move(candidates);
  result.options = options;
  const setup::RequestsSetup& requests = result.candidates.front().requests;
  result.objectives = objectives_of(requests);
  result.rate = requests.offered_rate;
  check_goal(result);
  const Planner planner(machines, result, progress);
  std::vector<PlanWork> works = plan_works(result.candidates, options, PlanSide::kBoth);
  if (progress) progress->begin("fitting configurations", std::max<std::size_t>(1, works.size()));
  parallel_for(
      works.size(), options.threads, [&](std::size_t i) { planner.prepare(works[i], PlanSide::kBoth); }, progress);
  // Of its own chip where chips are mixed.
  const auto group = [&](const PlanWork& work) { return options.stock.empty() ? 0 : work.entry.candidate; };
  result.simulations = search_works(
      works, options, group, [&](PlanWork& work) { return planner.measure(work); }, progress);
  std::stable_sort(works.begin(), works.end(),
                   [](const PlanWork& a, const PlanWork& b) { return comes_before(a.entry, b.entry); });
  if (!options.stock.empty()) {
    result.mix = find_mix(planner, works, result, result.simulations);
  } else if (!works.empty() && works.front().entry.verdict == PlanVerdict::kHolds) {
    works.front().entry.verdict = PlanVerdict::kBest;
    result.best = planner.proven(works.front(), result.simulations);
  }
  if (options.apart) {
    SOCLE_CHECK(options.stock.empty(), "prompts apart are not planned within a stock");
    result.apart = plan_apart(planner, result, result.simulations);
  }
  for (PlanWork& work : works) result.entries.push_back(std::move(work.entry));
  result.unit = options.goal == PlanGoal::kPrice
                    ? fmt::format("{}/h", currency_name(result.candidates.front().rent_per_chip_hour->currency))
                : options.goal == PlanGoal::kPower ? "W"
                                                   : "chips";
  return result;
}

}  // namespace socle::answer
