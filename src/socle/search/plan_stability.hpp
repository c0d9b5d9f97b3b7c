#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/search/plan.hpp"

namespace socle::search {

/// How one offer fares over draws of everything that is not sure.
struct OfferDraws {
  double wins = 0;          ///< share of draws in which its run costs least
  double p50 = 0, p90 = 0;  ///< money of the run, in the currency of the plan
  double worst_tenth = 0;   ///< mean of the draws beyond that
};

/// How firm a decision by money is.
struct Stability {
  int draws = 0;
  std::vector<std::optional<OfferDraws>>
      offers;  ///< in the order of the plan; empty: it does not stand, or its money is unknown
  /// The one input that turns the order with the smallest move inside its range; empty: none does.
  std::string turned_by;
};

/// Draws all factors and the step times of the offers that stand: what they share (tariff, interest, ...) is the same
/// for all, prices of machines and step times for the same machine only. Requires: the plan was judged by cost.
Stability stability_of(const Plan& plan, int draws, std::uint32_t seed);

}  // namespace socle::search
