#include "socle/cost/factors.hpp"

namespace socle::cost {

Values middle_of(const Factors& factors) {
  Values values;
  for (std::size_t i = 0; i < kCostFactors; ++i) {
    if (factors[i]) values[i] = factors[i]->value.middle;
  }
  return values;
}

Values moved(const Factors& factors, Values values, CostFactor factor, double figure) {
  const std::optional<double> before = values[index_of(factor)];
  values[index_of(factor)] = figure;
  if (factor != CostFactor::kExchange || !before) return values;
  for (std::size_t i = 0; i < kCostFactors; ++i) {
    if (factors[i] && factors[i]->foreign && values[i]) *values[i] *= figure / *before;
  }
  return values;
}

}  // namespace socle::cost
