#pragma once

#include <string>
#include <vector>

#include "socle/setup/plan_setup.hpp"

namespace socle::setup {

/// What `socle compare` is asked beside the scenario.
struct CompareQuestion {
  std::vector<std::string> chips;  ///< names; the first is what the others are measured against
  int count = 64;                  ///< chips of each kind
  std::string day;                 ///< of the export rules, "2026-06-30"; empty = the newest rules
};

/// The same job on the same number of several chips, every name looked up.
struct CompareSetup {
  PlanSetup plan;                    ///< one offer for each chip
  std::vector<catalog::Chip> chips;  ///< in the order asked
  int count = 0;
  std::string day;
};

/// Throws InputError: fewer than two chips, one chip twice, no day of the calendar, and whatever set_up_offers refuses.
CompareSetup set_up_compare(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                            const CompareQuestion& question, const std::optional<std::string>& config);

}  // namespace socle::setup
