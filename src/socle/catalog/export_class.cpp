#include "socle/catalog/export_class.hpp"

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"

namespace socle::catalog {
namespace {

constexpr int kBits[kPeakFormats] = {64, 32, 32, 16, 16, 8, 8, 4};

// Thresholds of R-2022-10, R-2023-11-a, R-2023-11-b and R-2026-01; GB/s are per second and both directions where I/O.
constexpr double kTppFull = 4800, kTppMiddle = 2400, kTppLeast = 1600, kTppReview = 21000;
constexpr double kDensityA = 5.92, kDensityB = 3.2, kDensityMiddle = 1.6;
constexpr BytesPerSecond kIo2022{600e9}, kMemoryReview{6500e9};

// Published peaks are rounded to three or four digits: products that differ by less are equal.
constexpr double kRounding = 1.002;

std::string figures(double tpp, std::optional<double> density) {
  return density ? fmt::format("TPP {:.0f}, density {:.2f}", tpp, *density)
                 : fmt::format("TPP {:.0f}, die area unknown", tpp);
}

}  // namespace

std::optional<TotalPerformance> total_performance(const Chip& chip) {
  std::optional<TotalPerformance> best;
  // A tie goes to the format named first.
  for (const PeakFormat format : {PeakFormat::kBf16, PeakFormat::kFp16, PeakFormat::kFp8, PeakFormat::kInt8,
                                  PeakFormat::kFp4, PeakFormat::kTf32, PeakFormat::kFp32, PeakFormat::kFp64}) {
    const std::optional<FlopsPerSecond> peak = chip.peak_of(format);
    if (!peak) continue;
    const double tpp = peak->value() / 1e12 * kBits[static_cast<std::size_t>(format)];
    if (!best || tpp > best->tpp * kRounding) best = TotalPerformance{tpp, format};
  }
  return best;
}

std::optional<double> performance_density(const Chip& chip) {
  const std::optional<TotalPerformance> performance = total_performance(chip);
  if (!performance || !chip.die_area_mm2) return std::nullopt;
  return performance->tpp / *chip.die_area_mm2;
}

std::string_view export_class_name(ExportClass verdict) {
  switch (verdict) {
    case ExportClass::kFree:
      return "not controlled";
    case ExportClass::kFreeNonDatacenter:
      return "not controlled (not made for data centres)";
    case ExportClass::kControlled:
      return "3A090";
    case ExportClass::kControlledA:
      return "3A090.a";
    case ExportClass::kControlledB:
      return "3A090.b";
    case ExportClass::kControlledNonDatacenter:
      return "3A090.a (not made for data centres: NAC/ACA path)";
    case ExportClass::kCaseByCase:
      return "case by case";
    case ExportClass::kDenied:
      return "presumption of denial";
    case ExportClass::kUnknown:
      return "unknown";
  }
  return "unknown";
}

ExportVerdict export_class_2022_10(const Chip& chip) {
  ExportVerdict verdict{"R-2022-10", "2022-10-07", "2023-11-16", ExportClass::kUnknown, "no peak is public"};
  const std::optional<TotalPerformance> performance = total_performance(chip);
  if (performance && performance->tpp < kTppFull) {
    verdict.verdict = ExportClass::kFree;
    verdict.reason = fmt::format("TPP {:.0f} is below 4800", performance->tpp);
  } else if (chip.all_links && *chip.all_links < kIo2022) {
    verdict.verdict = ExportClass::kFree;
    verdict.reason = fmt::format("links of {} are below 600 GB/s", format_bytes_per_second(*chip.all_links));
  } else if (performance && !chip.all_links) {
    verdict.reason = fmt::format("TPP {:.0f}; the total of all links is unknown", performance->tpp);
  } else if (performance) {
    verdict.verdict = ExportClass::kControlled;
    verdict.reason =
        fmt::format("TPP {:.0f} and links of {}", performance->tpp, format_bytes_per_second(*chip.all_links));
  }
  return verdict;
}

ExportVerdict export_class_2023_11(const Chip& chip) {
  ExportVerdict verdict{"R-2023-11", "2023-11-17", "", ExportClass::kUnknown, "no peak is public"};
  const std::optional<TotalPerformance> performance = total_performance(chip);
  if (!performance) return verdict;
  const double tpp = performance->tpp;
  const std::optional<double> density = performance_density(chip);
  verdict.reason = figures(tpp, density);
  if (!chip.datacenter_marketed) {
    verdict.verdict = tpp >= kTppFull ? ExportClass::kControlledNonDatacenter : ExportClass::kFreeNonDatacenter;
  } else if (tpp >= kTppFull) {
    verdict.verdict = ExportClass::kControlledA;
  } else if (tpp < kTppLeast) {
    verdict.verdict = ExportClass::kFree;
  } else if (!density) {
    verdict.reason += ": 3A090.a, .b or neither depends on it";
  } else if (*density >= kDensityA) {
    verdict.verdict = ExportClass::kControlledA;
  } else if (*density >= kDensityB || (tpp >= kTppMiddle && *density >= kDensityMiddle)) {
    verdict.verdict = ExportClass::kControlledB;
  } else {
    verdict.verdict = ExportClass::kFree;
  }
  return verdict;
}

ExportVerdict export_class_2026_01(const Chip& chip) {
  ExportVerdict verdict{"R-2026-01", "2026-01-15", "", ExportClass::kUnknown, ""};
  if (chip.country != "US") {
    verdict.reason = "the rule is about shipments from the US; this chip is made elsewhere";
    return verdict;
  }
  const ExportVerdict base = export_class_2023_11(chip);
  const bool in_scope =
      base.verdict == ExportClass::kControlledA || base.verdict == ExportClass::kControlledNonDatacenter;
  if (base.verdict == ExportClass::kUnknown) {
    verdict.reason = base.reason;
  } else if (!in_scope) {
    verdict.verdict = ExportClass::kFree;
    verdict.reason = "not 3A090.a: " + base.reason;
  } else if (total_performance(chip)->tpp >= kTppReview) {
    verdict.verdict = ExportClass::kDenied;
    verdict.reason = base.reason + ", at or above TPP 21000";
  } else if (!chip.memory_bandwidth) {
    verdict.reason = base.reason + "; the memory bandwidth is unknown";
  } else {
    verdict.verdict = *chip.memory_bandwidth < kMemoryReview ? ExportClass::kCaseByCase : ExportClass::kDenied;
    verdict.reason = fmt::format("{}, memory {}", base.reason, format_bytes_per_second(*chip.memory_bandwidth));
  }
  return verdict;
}

std::vector<ExportVerdict> export_classes(const Chip& chip, std::string_view day) {
  std::vector<ExportVerdict> list;
  for (ExportVerdict verdict : {export_class_2022_10(chip), export_class_2023_11(chip), export_class_2026_01(chip)}) {
    if (day >= verdict.effective && (verdict.ends.empty() || day <= verdict.ends)) list.push_back(std::move(verdict));
  }
  return list;
}

}  // namespace socle::catalog
