#pragma once

#include <optional>
#include <string>

#include "socle/catalog/catalog.hpp"
#include "socle/scenario/scenario.hpp"
#include "socle/search/limits.hpp"
#include "socle/setup/cluster_facts.hpp"

namespace socle::setup {

/// A scenario's limits as a planner takes them.
search::PlanLimits plan_limits(const scenario::LimitsSection& limits);

/// What one run must keep within, and what its cluster costs, all money in the currency of the limits.
struct RunLimits {
  search::PlanLimits limits;
  search::Holding holding;
  std::optional<std::string> assumption;  ///< the exchange rate, when one was needed
};

/// Empty when no limit but the memory's is set. Throws InputError when an exchange rate is needed and the catalogue has
/// none.
std::optional<RunLimits> run_limits(const catalog::Catalog& catalog, const scenario::LimitsSection& set,
                                    const ClusterFacts& cluster);

}  // namespace socle::setup
