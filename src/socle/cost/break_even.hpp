#pragma once

#include <optional>

#include "socle/cost/yearly_cost.hpp"

namespace socle::cost {

/// The utilisation at which owning (build or colocate) and renting on demand cost the same in a year: what is owned is
/// paid day and night but for the energy of work, what is rented only while it works. Both lines are straight in the
/// utilisation, so it is exact. Empty: they never meet between 0 and 1, or a figure is unknown.
std::optional<double> break_even_utilisation(Way own, const Plant& plant, const Values& values);

/// Months after which the cash paid for owning is less than the cash paid for renting, at the utilisation of the
/// values: what is bought is paid at the start, without resale and without interest. Exact. Empty: never within the
/// life of what is bought, or a figure is unknown.
std::optional<double> break_even_months(Way own, Way rent, const Plant& plant, const Values& values);

/// What is paid in a month besides what was bought: the bill without capital charges.
double running_per_year(const YearlyCost& bill);

}  // namespace socle::cost
