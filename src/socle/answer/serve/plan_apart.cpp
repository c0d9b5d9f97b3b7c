#include "socle/answer/serve/plan_apart.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "socle/answer/serve/side_bench.hpp"
#include "socle/base/parallel_for.hpp"

namespace socle::answer {
namespace {

/// What two sides must share: caches of one vendor's chips and of one format.
using Group = std::tuple<std::string, int, int, int>;

Group group_of(const Planner& planner, const PlanWork& work) {
  const model::ServingFormats& formats = work.entry.formats;
  return {planner.ground(work).setup.serve.chip.vendor, static_cast<int>(formats.matrices),
          static_cast<int>(formats.experts), static_cast<int>(formats.kv)};
}

/// The best of each group, by index.
using Bests = std::map<Group, std::size_t>;

int measure_side(const Planner& planner, const ServePlanResult& result, PlanSide side, PlanWork& work) {
  PlanEntry& entry = work.entry;
  const setup::ServeSimulationSetup& setup = planner.ground(work).setup;
  const double rate = setup.requests.offered_rate;
  const double start = std::min(entry.bound, rate) / rate / 2;
  int runs = 0;
  const auto capacity = side_capacity(planner, work, result.objectives, side, start, runs);
  entry.capacity = std::min(entry.bound, capacity.value_or(start * 1024) * rate);
  entry.verdict = entry.capacity > 0 ? PlanVerdict::kHolds : PlanVerdict::kNever;
  if (entry.capacity > 0) size_entry(entry, setup, result.options, entry.capacity);
  return runs;
}

std::vector<PlanWork> search_side(const Planner& planner, const ServePlanResult& result, PlanSide side, int& runs) {
  std::vector<PlanWork> works = plan_works(result.candidates, result.options, side);
  if (planner.progress()) planner.progress()->begin("fitting sides", std::max<std::size_t>(1, works.size()));
  parallel_for(
      works.size(), result.options.threads, [&](std::size_t i) { planner.prepare(works[i], side); },
      planner.progress());
  std::map<Group, std::size_t> numbers;
  for (const PlanWork& work : works) numbers.try_emplace(group_of(planner, work), numbers.size());
  runs += search_works(
      works, result.options, [&](const PlanWork& work) { return numbers.at(group_of(planner, work)); },
      [&](PlanWork& work) { return measure_side(planner, result, side, work); }, planner.progress());
  std::stable_sort(works.begin(), works.end(),
                   [](const PlanWork& a, const PlanWork& b) { return comes_before(a.entry, b.entry); });
  return works;
}

Bests bests_of(const Planner& planner, const std::vector<PlanWork>& works) {
  Bests bests;
  for (std::size_t i = 0; i < works.size(); ++i) {  // in the order of cost
    if (works[i].entry.verdict == PlanVerdict::kHolds) bests.try_emplace(group_of(planner, works[i]), i);
  }
  return bests;
}

/// Both sides under the whole traffic.
class Proof {
 public:
  Proof(const Planner& planner, const ServePlanResult& result, const PlanWork& prefill, const PlanWork& decode)
      : planner_(planner),
        result_(result),
        setup_(planner.setup_of(decode)),
        prompt_costs_(planner.costs(prefill)),
        decode_costs_(planner.costs(decode)) {
    side_.row.layout = prefill.entry.layout;
    side_.deployment = *prefill.deployment;
    side_.links = setup::transfer_links(prefill.entry.layout, decode.entry.layout,
                                        planner.ground(prefill).machine.spec(), planner.ground(decode).machine.spec());
    side_.cache_per_token = memory::cache_bytes_per_token(decode.serve.model, decode.serve.formats);
  }

  /// Raises the replicas of the entries until the objectives hold, or by half.
  ServeFigures run(const PlanWork& decode_work, PlanEntry& prefill, PlanEntry& decode, int& runs) {
    const int spare = result_.options.spare_replicas;
    const int most = (prefill.replicas + decode.replicas - 2 * spare) * 3 / 2 + 2;
    while (true) {
      side_.replicas = prefill.replicas - spare;
      ServeBench bench(setup_, *decode_work.deployment, decode_costs_, result_.objectives,
                       BenchPrefill{side_, prompt_costs_});
      ServeFigures figures = bench.run({.replicas = decode.replicas - spare}, planner_.progress());
      ++runs;
      if (result_.objectives.hold(figures) || prefill.replicas + decode.replicas - 2 * spare >= most) return figures;
      add_one(prefills_lack(figures) ? prefill : decode);
    }
  }

 private:
  void add_one(PlanEntry& entry) const {
    ++entry.replicas;
    entry.chips = entry.replicas * entry.layout.chips();
    entry.cost = plan_cost(result_.candidates[entry.candidate], result_.options, entry.chips);
  }
  // The side whose own objective breaks; of both or neither the busier.
  bool prefills_lack(const ServeFigures& figures) const {
    const auto breaks = [](const std::optional<Seconds>& limit, Seconds value) { return limit && value > *limit; };
    const bool first = breaks(result_.objectives.ttft, figures.ttft.p99);
    const bool later = breaks(result_.objectives.tpot, figures.tpot.p99);
    if (first != later) return first;
    return figures.apart->prefill_busy_share > figures.apart->decode_busy_share;
  }

  const Planner& planner_;
  const ServePlanResult& result_;
  setup::ServeSimulationSetup setup_;
  serve::StepCosts prompt_costs_, decode_costs_;
  PrefillSide side_;
};

}  // namespace

ApartPlan plan_apart(const Planner& planner, const ServePlanResult& result, int& runs) {
  const std::vector<PlanWork> prefills = search_side(planner, result, PlanSide::kPrefill, runs);
  const std::vector<PlanWork> decodes = search_side(planner, result, PlanSide::kDecode, runs);
  ApartPlan plan;
  for (const PlanWork& work : prefills) plan.prefills.push_back(work.entry);
  for (const PlanWork& work : decodes) plan.decodes.push_back(work.entry);
  struct Pair {
    std::size_t prefill, decode;
    double cost;
  };
  std::vector<Pair> pairs;
  const Bests best_prefills = bests_of(planner, prefills), best_decodes = bests_of(planner, decodes);
  for (const auto& [group, prefill] : best_prefills) {
    const auto found = best_decodes.find(group);
    if (found == best_decodes.end()) continue;
    pairs.push_back({prefill, found->second, prefills[prefill].entry.cost + decodes[found->second].entry.cost});
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.cost < b.cost; });
  for (const Pair& pair : pairs) {
    if (plan.found && pair.cost >= plan.cost()) break;
    ApartFleet fleet{.prefill = prefills[pair.prefill].entry, .decode = decodes[pair.decode].entry, .figures = {}};
    const PlanWork& decode = decodes[pair.decode];
    fleet.figures =
        Proof(planner, result, prefills[pair.prefill], decode).run(decode, fleet.prefill, fleet.decode, runs);
    fleet.holds = result.objectives.hold(fleet.figures);
    const bool better = !plan.found || (fleet.holds && !plan.found->holds) ||
                        (fleet.holds == plan.found->holds && fleet.cost() < plan.cost());
    if (better) plan.found = std::move(fleet);
  }
  return plan;
}

}  // namespace socle::answer
