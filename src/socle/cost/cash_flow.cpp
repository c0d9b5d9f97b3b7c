#include "socle/cost/cash_flow.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"
#include "socle/cost/break_even.hpp"

namespace socle::cost {
namespace {
constexpr double kQuartersPerYear = 4.0;
}

std::vector<QuarterFlow> cash_flow(const YearlyCost& bill, double life_years, double years) {
  SOCLE_CHECK(bill.known() && years > 0 && life_years > 0, "cash flows of a known bill over some time");
  const auto quarters = static_cast<std::size_t>(std::max(1.0, std::ceil(years * kQuartersPerYear - 1e-9)));
  const double life = std::max(1.0, std::round(life_years * kQuartersPerYear));
  const double running = running_per_year(bill) / kQuartersPerYear;
  std::vector<QuarterFlow> flows(quarters);
  double cumulative = 0;
  for (std::size_t q = 0; q < quarters; ++q) {
    QuarterFlow& flow = flows[q];
    if (std::fmod(static_cast<double>(q), life) == 0) flow.bought = bill.paid_at_start;
    if (std::fmod(static_cast<double>(q + 1), life) == 0) flow.resold = bill.resale;
    flow.running = running;
    cumulative += flow.bought + flow.running - flow.resold;
    flow.cumulative = cumulative;
  }
  return flows;
}

double present_value(const std::vector<QuarterFlow>& flows, double interest) {
  double value = 0;
  for (std::size_t q = 0; q < flows.size(); ++q) {
    const double years = static_cast<double>(q) / kQuartersPerYear;
    value += (flows[q].bought + flows[q].running) * std::pow(1.0 + interest, -years);
    value -= flows[q].resold * std::pow(1.0 + interest, -(years + 1.0 / kQuartersPerYear));
  }
  return value;
}

}  // namespace socle::cost
