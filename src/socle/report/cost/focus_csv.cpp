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

/// One charge in the order of the columns.
struct Charge {
  double billed = 0, effective = 0;
  bool purchase = false;
  std::string description;
  const char* category = "Other";
  const char* service = "";
};

std::vector<std::string> row_of(const Charge& charge, const setup::CostSetup& setup, int month) {
  const std::string from = day(month), to = day(month + 1);
  const auto money = [](double amount) { return fmt::format("{:.2f}", amount); };
  const std::string listed = money(charge.purchase ? charge.billed : charge.effective);
  return {money(charge.billed),
          "plan",
          "plan",
          std::string(currency_name(setup.currency)),
          to,
          from,
          charge.purchase ? "Purchase" : "Usage",
          "",
          charge.description,
          charge.purchase ? "One-Time" : "Recurring",
          to,
          from,
          listed,
          money(charge.effective),
          "plan",
          listed,
          "1",
          charge.purchase ? "Units" : "Months",
          "plan",
          "plan",
          setup.region.slug,
          setup.region.name,
          setup.subject.cluster,
          charge.category,
          charge.service};
}

}  // namespace

std::string focus_csv(const answer::CostResult& result, int start) {
  const cost::YearlyCost& year = result.way(*result.shown).year;
  const int months = std::max(1, static_cast<int>(result.setup.years * cost::kMonthsPerYear + 0.5));
  const char* way = cost::way_name(year.way);
  std::vector<std::vector<std::string>> rows;
  for (int month = 0; month < months; ++month) {
    for (std::size_t i = 0; i < cost::kCostLines; ++i) {
      const auto line = static_cast<CostLine>(i);
      if (!year.lines[i]) continue;
      const double monthly = *year.lines[i] / cost::kMonthsPerYear;
      // Charges of capital are how a purchase is spread: nobody bills them again.
      rows.push_back(row_of({.billed = bought(line) ? 0.0 : monthly,
                             .effective = monthly,
                             .description = fmt::format("{}, {}", cost::line_name(line), way),
                             .category = service_category(line),
                             .service = cost::line_name(line)},
                            result.setup, start + month));
    }
    if (month == 0 && year.paid_at_start > 0)
      rows.push_back(row_of({.billed = year.paid_at_start,
                             .purchase = true,
                             .description = fmt::format("what is bought at the start, {}", way),
                             .category = "Compute",
                             .service = "purchase"},
                            result.setup, start));
  }
  return write_csv(kColumns, rows);
}

}  // namespace socle::report
