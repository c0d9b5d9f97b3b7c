#include "socle/setup/run_limits.hpp"

#include "socle/setup/one_currency.hpp"

namespace socle::setup {

search::PlanLimits plan_limits(const scenario::LimitsSection& limits) {
  return {.capex = limits.capex,
          .opex = limits.opex,
          .power = limits.power,
          .deadline = limits.deadline,
          .chips = limits.chips,
          .memory_headroom = limits.memory_headroom};
}

std::optional<RunLimits> run_limits(const catalog::Catalog& catalog, const scenario::LimitsSection& set,
                                    const ClusterFacts& cluster) {
  RunLimits run{.limits = plan_limits(set),
                .holding = {.chips = cluster.chips,
                            .power = cluster.rated_power,
                            .rent_per_chip_hour = cluster.rent_per_chip_hour,
                            .price = cluster.price},
                .assumption = {}};
  search::PlanLimits& limits = run.limits;
  if (!limits.capex && !limits.opex && !limits.power && !limits.deadline && !limits.chips) return std::nullopt;
  if (!limits.capex && !limits.opex) return run;
  OneCurrency one(catalog, limits.capex ? limits.capex->currency : limits.opex->currency);
  for (std::optional<Money>* money : {&limits.opex, &run.holding.rent_per_chip_hour, &run.holding.price})
    one.turn(*money);
  run.assumption = one.assumption();
  return run;
}

}  // namespace socle::setup
