#include "socle/cost/break_even.hpp"

#include "socle/base/check.hpp"
#include "socle/cost/annuity.hpp"

namespace socle::cost {

double running_per_year(const YearlyCost& bill) {
  double running = 0;
  for (const CostLine line : {CostLine::kHallUpkeep, CostLine::kColocation, CostLine::kEnergy, CostLine::kMaintenance,
                              CostLine::kStaff, CostLine::kSoftware, CostLine::kInsurance, CostLine::kRent})
    running += bill.line(line).value_or(0);
  return running;
}

std::optional<double> break_even_utilisation(Way own, const Plant& plant, const Values& values) {
  SOCLE_CHECK(owns(own), "a break-even is between owning and renting");
  const auto difference = [&](double utilisation) -> std::optional<double> {
    Values at = values;
    at[index_of(CostFactor::kUtilisation)] = utilisation;
    const YearlyCost owned = yearly_cost(own, plant, at), rented = yearly_cost(Way::kOnDemand, plant, at);
    if (!owned.known() || !rented.known()) return std::nullopt;
    return rented.total - owned.total;
  };
  const auto idle = difference(0.0), busy = difference(1.0);
  if (!idle || !busy || *idle == *busy) return std::nullopt;
  const double meets = -*idle / (*busy - *idle);
  if (!(meets >= 0.0 && meets <= 1.0)) return std::nullopt;
  return meets;
}

std::optional<double> break_even_months(Way own, Way rent, const Plant& plant, const Values& values) {
  SOCLE_CHECK(owns(own) && !owns(rent), "a break-even is between owning and renting");
  const YearlyCost owned = yearly_cost(own, plant, values), rented = yearly_cost(rent, plant, values);
  const auto life = values[index_of(CostFactor::kLife)];
  if (!owned.known() || !rented.known() || !life) return std::nullopt;
  const double first = owned.paid_at_start - rented.paid_at_start;
  const double saved = (running_per_year(rented) - running_per_year(owned)) / kMonthsPerYear;
  if (first <= 0) return 0.0;
  if (saved <= 0 || first / saved > *life * kMonthsPerYear) return std::nullopt;
  return first / saved;
}

}  // namespace socle::cost
