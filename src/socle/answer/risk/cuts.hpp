#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/answer/risk/risk.hpp"

namespace socle::answer {

/// A saving: the scenario's [risk] with one key, or several, otherwise.
struct Cut {
  std::string text;  ///< "hot_spares = 16"
  scenario::RiskSection risk;
  std::optional<Money> saved;  ///< as stated; empty: the rent of the spares that go, where that is known
  bool combined = false;       ///< those before it together, whose savings add up
};

/// What a saving saves and costs. Losses are worths of hours that are not useful, beyond those without it.
struct CutOutcome {
  Cut cut;
  std::optional<Infeasible> refusal;  ///< with it, no figure means anything
  double effective = 0;
  Seconds wall_p50, wall_p99;
  double hours_expected = 0, hours_p99 = 0;  ///< lost hours beyond those without it
  std::optional<Money> saved, lost_expected, lost_p99;
};

/// Each is played with the draws of the base case. Throws InputError for an amount in another currency, and Cancelled.
std::vector<CutOutcome> weigh_cuts(const RiskResult& base, const std::vector<Cut>& cuts, const std::string& source,
                                   const RiskOptions& options, Progress* progress);

}  // namespace socle::answer
