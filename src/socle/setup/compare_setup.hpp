#pragma once

#include <string>
#include <vector>

#include "socle/setup/plan_setup.hpp"

namespace socle::setup {

/// What `socle compare` is asked beside the scenario.
struct CompareQuestion {
  std::vector<std::string> chips;  ///< names; the first is what the others are measured against
  std::optional<int> count{};      ///< chips of each kind; empty = the smallest on which each that can runs the job
  std::string day{};               ///< of the export rules, "2026-06-30"; empty = the newest rules
  std::string assume{};            ///< "CHIP.FACT=VALUE, ..."; empty = none
  std::string match{};             ///< the chip that the others keep up with in number; empty = `count` of each
};

/// The same job on the same number of several chips, every name looked up.
struct CompareSetup {
  PlanSetup plan;                    ///< one offer for each chip whose facts are public
  std::vector<catalog::Chip> chips;  ///< in the order asked
  /// By chip: its offer, or nothing where facts are not public.
  std::vector<std::optional<std::size_t>> offers;
  int count = 0;
  std::optional<std::size_t> match;  ///< index of the chip that the others keep up with
  std::string day;
};

/// Chips of each kind when none is said, before the smallest number is found.
inline constexpr int kCompareCount = 64;

/// Throws InputError: fewer than two chips, one chip twice, no day of the calendar, no chip with its facts public, and
/// whatever else set_up_offers refuses.
CompareSetup set_up_compare(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                            const CompareQuestion& question, const std::optional<std::string>& config);

}  // namespace socle::setup
