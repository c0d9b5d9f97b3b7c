#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/chip.hpp"

namespace socle::catalog {

/// Total processing performance: the largest product of dense TFLOP/s and bits per number, over the chip's formats.
/// Source: technical note to ECCN 3A090, rule DEF-TPP in `catalog/export/rules.toml`. TF32 counts 32 bits.
struct TotalPerformance {
  double tpp = 0.0;
  PeakFormat format = PeakFormat::kFp16;
};
/// Empty when no peak is public.
std::optional<TotalPerformance> total_performance(const Chip& chip);

/// TPP per square millimetre of logic silicon; empty when either is unknown (rule DEF-PD).
std::optional<double> performance_density(const Chip& chip);

/// What one rule says of one chip.
enum class ExportClass {
  kFree,
  kFreeNonDatacenter,
  kControlled,
  kControlledA,
  kControlledB,
  kControlledNonDatacenter,
  kCaseByCase,
  kDenied,
  kUnknown
};

struct ExportVerdict {
  std::string rule;       ///< id in `catalog/export/rules.toml`
  std::string effective;  ///< date from which it holds
  std::string ends;       ///< last day, empty while in force
  ExportClass verdict = ExportClass::kUnknown;
  std::string reason;  ///< figures against thresholds, or which fact is unknown
};

std::string_view export_class_name(ExportClass verdict);

/// October 2022, 3A090: TPP >= 4800 and links, both directions without memory, >= 600 GB/s in all (R-2022-10).
ExportVerdict export_class_2022_10(const Chip& chip);
/// November 2023, 3A090.a: TPP >= 4800, or TPP >= 1600 and density >= 5.92; 3A090.b: 2400 <= TPP < 4800 and
/// 1.6 <= density < 5.92, or TPP >= 1600 and 3.2 <= density < 5.92; chips not made for data centres are outside below
/// TPP 4800 (R-2023-11-a, -b, -note).
ExportVerdict export_class_2023_11(const Chip& chip);
/// January 2026, review of 3A090.a chips shipped from the US to China and Macau: case by case when TPP < 21000 and
/// memory bandwidth < 6500 GB/s, else presumed denied (R-2026-01). Chips made elsewhere are not judged: unknown.
ExportVerdict export_class_2026_01(const Chip& chip);

/// The verdicts in force on a day ("2026-06-30"), oldest first. An estimate from public figures, no legal advice.
std::vector<ExportVerdict> export_classes(const Chip& chip, std::string_view day);

}  // namespace socle::catalog
