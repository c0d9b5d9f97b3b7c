#include "socle/cost/annuity.hpp"

#include <cmath>

#include "socle/base/check.hpp"

namespace socle::cost {

double annuity_per_year(double price, double residual, double years, double interest) {
  SOCLE_CHECK(years > 0 && interest >= 0, "an annuity has a length, and interest is not negative");
  const double months = kMonthsPerYear * years, rate = interest / kMonthsPerYear;
  if (rate < 1e-12) return price * (1.0 - residual) / years;
  const double paid_back = -std::expm1(-months * std::log1p(rate));  // 1 - (1 + r)^-n
  return kMonthsPerYear * price * (1.0 - residual * (1.0 - paid_back)) * rate / paid_back;
}

}  // namespace socle::cost
