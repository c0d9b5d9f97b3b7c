#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "socle/base/random.hpp"
#include "socle/cost/yearly_cost.hpp"

namespace socle::cost {

/// What one factor does to a figure when it moves to either end of its range, all others at their middle.
struct FactorSwing {
  CostFactor factor{};
  double at_low = 0, at_high = 0;  ///< the figure with the factor at its low and at its high end
};

/// Swings of a useful chip-hour's cost, the largest first; factors that are sure are left out. Empty where the cost is
/// unknown.
std::vector<FactorSwing> tornado(Way way, const Plant& plant, const Factors& factors);

/// 10th, 50th and 90th percentile of one way's useful chip-hour, and the mean of its worst tenth.
struct Percentiles {
  double p10 = 0, p50 = 0, p90 = 0, worst_tenth = 0;
};

/// What draws of all factors at once come to.
struct Draws {
  std::array<std::optional<Percentiles>, kWays> useful_chip_hour;  ///< empty: the way's cost is unknown
  std::array<double, kWays> wins{};                                ///< share of draws in which the way is cheapest
  int count = 0;
};

/// The u-quantile of a triangular distribution; 0 < u < 1.
double triangular(const Uncertain& value, double u);

/// Is the factor a machine's own (its price, its rents, its draw), and not one that all machines of a place share?
bool of_machine(CostFactor factor);

/// All factors of one draw: independent triangulars, except that amounts of the other currency move with the exchange
/// rate. What is shared depends on seed and `draw` only, what is a machine's own on the number of the machine too.
Values drawn(const Factors& factors, const RandomStream& stream, std::uint64_t draw, std::uint64_t machine = 0);

/// `count` draws; every way sees the same ones. Requires: count >= 1.
Draws monte_carlo(const Plant& plant, const Factors& factors, int count, std::uint32_t seed);

}  // namespace socle::cost
