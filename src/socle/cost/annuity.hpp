#pragma once

namespace socle::cost {

inline constexpr double kMonthsPerYear = 12.0;
inline constexpr double kHoursPerYear = 8766.0;  // 365.25 days
inline constexpr double kWattsPerKilowatt = 1000.0;

/// Equal monthly payments, summed over a year, that pay `price` back with interest and leave `residual` of it at the
/// end:
///   12 price (1 - residual (1 + r)^-n) r / (1 - (1 + r)^-n),  r = interest / 12,  n = 12 years;
/// without interest price (1 - residual) / years. Source: textbook annuity. Requires: years > 0, interest >= 0.
double annuity_per_year(double price, double residual, double years, double interest);

}  // namespace socle::cost
