#pragma once

#include <vector>

#include "socle/cost/yearly_cost.hpp"

namespace socle::cost {

/// Money of one quarter; what is paid is positive.
struct QuarterFlow {
  double bought = 0;      ///< paid for machines, network, storage, hall
  double running = 0;     ///< energy, rent, people, ...
  double resold = 0;      ///< of what is bought, at the end
  double cumulative = 0;  ///< all that was paid less what was resold, so far
};

/// Cash of one way over `years`, quarter by quarter: what is bought at the start of the first, running money evenly,
/// the residual value at the end of the last when the life ends with it. What is bought is bought again at the end of
/// its life when years go on; the hall's own life is not renewed (assumption: horizons are shorter). Requires: the bill
/// is known, and years > 0.
std::vector<QuarterFlow> cash_flow(const YearlyCost& bill, double life_years, double years);

/// Present value at a yearly interest: flows at the start of each quarter, the resale at its end.
double present_value(const std::vector<QuarterFlow>& flows, double interest);

}  // namespace socle::cost
