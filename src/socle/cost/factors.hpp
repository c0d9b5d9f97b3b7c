#pragma once

#include <optional>
#include <string>

#include "socle/catalog/cost_factor.hpp"

namespace socle::cost {

using catalog::CostFactor;
using catalog::index_of;
using catalog::kCostFactors;
using catalog::PerFactor;

/// A figure of which only bounds are sure: triangular between them. Invariant: low <= middle <= high.
struct Uncertain {
  double low = 0, middle = 0, high = 0;
};

/// One factor of a reckoning, in the unit of its facts; money in the currency of the reckoning.
struct Factor {
  Uncertain value;
  bool foreign = false;    ///< an amount that the exchange rate turned: it moves with that rate
  std::string basis;       ///< "given", a source, or what was assumed
  std::string date;        ///< of the source; empty = undated
  std::string confidence;  ///< "given", "datasheet", "reported", "estimate", "recall" or "assumption"
};
using Factors = PerFactor<std::optional<Factor>>;

/// One point of all factors; empty = unknown.
using Values = PerFactor<std::optional<double>>;

/// Every factor at its middle.
Values middle_of(const Factors& factors);

/// `values` with one factor at another figure. A change of the exchange rate carries every foreign amount along.
Values moved(const Factors& factors, Values values, CostFactor factor, double figure);

}  // namespace socle::cost
