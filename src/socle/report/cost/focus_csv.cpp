#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "socle/base/csv.hpp"
#include "socle/cost/annuity.hpp"
#include "socle/report/cost/cost_report.hpp"

namespace socle::report {
namespace {

using cost::CostLine;

// Columns of FOCUS 1.0 that a plan can fill, in alphabetical order as the specification lists them.
const std::vector<std::string> kColumns{
    "BilledCost",         "BillingAccountId",  "BillingAccountName", "BillingCurrency",   "BillingPeriodEnd",
    "BillingPeriodStart", "ChargeCategory",    "ChargeClass",        "ChargeDescription", "ChargeFrequency",
    "ChargePeriodEnd",    "ChargePeriodStart", "ContractedCost",     "EffectiveCost",     "InvoiceIssuerName",
    "ListCost",           "PricingQuantity",   "PricingUnit",        "ProviderName",      "PublisherName",
    "RegionId",           "RegionName",        "ResourceId",         "ServiceCategory",   "ServiceName"};

bool bought(CostLine line) {
  return line == CostLine::kNodes || line == CostLine::kSpares || line == CostLine::kNetwork ||
         line == CostLine::kStorage || line == CostLine::kInstallation || line == CostLine::kHall;
}

const char* service_category(CostLine line) {
  switch (line) {
    case CostLine::kNetwork:
      return "Networking";
    case CostLine::kStorage:
      return "Storage";
    case CostLine::kNodes:
    case CostLine::kSpares:
    case CostLine::kRent:
      return "Compute";
    default:
      return "Other";
  }
}

std::string day(int month) { return fmt::format("{:04d}-{:02d}-01T00:00:00Z", month / 12, month % 12 + 1); }

}  // namespace

std::string focus_csv(const answer::CostResult& result, int start) {
  const cost::YearlyCost& year = result.way(*result.shown).year;
  const int months = std::max(1, static_cast<int>(result.setup.years * cost::kMonthsPerYear + 0.5));
  const std::string currency(currency_name(result.setup.currency));
  std::vector<std::vector<std::string>> rows;
  for (int month = 0; month < months; ++month) {
    for (std::size_t i = 0; i < cost::kCostLines; ++i) {
      const auto line = static_cast<CostLine>(i);
      if (!year.lines[i]) continue;
      const double monthly = *year.lines[i] / cost::kMonthsPerYear;
      // Charges of capital are how a purchase is spread: nobody bills them again.
      const std::string billed = fmt::format("{:.2f}", bought(line) ? 0.0 : monthly);
      const std::string effective = fmt::format("{:.2f}", monthly);
      const std::string from = day(start + month), to = day(start + month + 1);
      rows.push_back({billed,
                      "plan",
                      "plan",
                      currency,
                      to,
                      from,
                      "Usage",
                      "",
                      fmt::format("{}, {}", cost::line_name(line), cost::way_name(year.way)),
                      "Recurring",
                      to,
                      from,
                      effective,
                      effective,
                      "plan",
                      effective,
                      "1",
                      "Months",
                      "plan",
                      "plan",
                      result.setup.region.slug,
                      result.setup.region.name,
                      result.setup.subject.cluster,
                      service_category(line),
                      cost::line_name(line)});
    }
    if (month != 0 || year.paid_at_start <= 0) continue;
    const std::string price = fmt::format("{:.2f}", year.paid_at_start), from = day(start), to = day(start + 1);
    rows.push_back({price,
                    "plan",
                    "plan",
                    currency,
                    to,
                    from,
                    "Purchase",
                    "",
                    fmt::format("what is bought at the start, {}", cost::way_name(year.way)),
                    "One-Time",
                    to,
                    from,
                    price,
                    "0.00",
                    "plan",
                    price,
                    "1",
                    "Units",
                    "plan",
                    "plan",
                    result.setup.region.slug,
                    result.setup.region.name,
                    result.setup.subject.cluster,
                    "Compute",
                    "purchase"});
  }
  return write_csv(kColumns, rows);
}

}  // namespace socle::report
