#include <array>

#include <fmt/format.h>

#include "socle/answer/cost/cost.hpp"

namespace socle::answer {
namespace {

using cost::CostFactor;
using cost::Values;
using cost::Way;

constexpr std::array<Way, 3> kHolding{Way::kBuild, Way::kColocate, Way::kReserved};

/// The same year without work.
double idle_year(Way way, const cost::Plant& plant, Values values) {
  values[cost::index_of(CostFactor::kUtilisation)] = 0;
  return cost::yearly_cost(way, plant, values).total;
}

}  // namespace

std::optional<CostHolding> holding_of(const CostResult& result, std::optional<Way> way,
                                      std::vector<std::string>& doubts) {
  const setup::CostSetup& setup = result.setup;
  if (setup.demand.empty()) return std::nullopt;
  if (!result.way(Way::kOnDemand).year.known()) {
    doubts.push_back(
        "How many chips to hold is not known without rent on demand (--on-demand), which fills what is missing.");
    return std::nullopt;
  }
  const bool asked = way == Way::kBuild || way == Way::kColocate || way == Way::kReserved;
  const Values values = cost::middle_of(setup.factors);
  const cost::Plant& plant = setup.subject.plant;
  std::optional<CostHolding> best;
  for (const Way candidate : kHolding) {
    if ((asked && candidate != *way) || !result.way(candidate).year.known()) continue;
    CostHolding holding{.way = candidate, .question = {}, .decision = {}};
    holding.question = {.demand = setup.demand,
                        .idle = idle_year(candidate, plant, values) / plant.chips,
                        .at_work = result.way(candidate).year.total / plant.chips,
                        .rented = result.way(Way::kOnDemand).year.total / plant.chips,
                        .unit = plant.chips / plant.nodes,
                        .budget = setup.hold_budget};
    holding.decision = cost::decide_holding(holding.question);
    if (!best || holding.decision.cost < best->decision.cost) best = std::move(holding);
  }
  if (!best)
    doubts.push_back("How many chips to hold is not known: no way to hold them is priced; see what is missing.");
  return best;
}

}  // namespace socle::answer
