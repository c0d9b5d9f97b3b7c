#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/json.hpp"
#include "socle/catalog/export_class.hpp"
#include "socle/report/provenance.hpp"
#include "socle/search/plan.hpp"

namespace socle::report {

/// One chip of a comparison, on the same job and the same number of chips.
struct ComparedChip {
  std::string name;
  search::PlannedOffer planned;
  double tokens_per_second = 0;               ///< whole cluster; 0 when nothing fits
  Watts power_per_chip{};                     ///< rated, its share of the node where known; 0 = unknown
  std::optional<Money> price_per_chip;        ///< rent per hour or purchase, in the comparison's currency
  bool rented = false;
  std::optional<catalog::TotalPerformance> tpp;
  std::optional<double> performance_density;
  std::vector<catalog::ExportVerdict> exports;

  double per_chip() const { return planned.chips > 0 ? tokens_per_second / planned.chips : 0.0; }
};

struct CompareReport {
  std::string title;
  std::string day;                            ///< of the export rules
  std::vector<ComparedChip> chips;            ///< the first is what the others are measured against
  std::vector<std::string> assumptions;
  std::vector<std::string> doubts;
};

/// Tables of at most 100 columns: speed per chip, per watt, per unit of money, at equal budget; export classes.
std::string compare_text(const CompareReport& report);
Json compare_json(const CompareReport& report, const std::vector<InputText>& inputs);

}  // namespace socle::report
