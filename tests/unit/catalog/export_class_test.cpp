#include "socle/catalog/export_class.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "socle/catalog/catalog.hpp"

namespace socle::catalog {
namespace {

/// The words of the hand-made records for each verdict.
std::string expected_2023_11(const ExportVerdict& verdict) {
  switch (verdict.verdict) {
    case ExportClass::kFree:
      return "not 3A090";
    case ExportClass::kFreeNonDatacenter:
      return "not 3A090 (non-datacenter, TPP<4800)";
    case ExportClass::kControlledNonDatacenter:
      return "3A090.a (non-datacenter: NAC/ACA path)";
    case ExportClass::kControlledA:
      return "3A090.a";
    case ExportClass::kControlledB:
      return "3A090.b";
    default:
      return verdict.reason == "no peak is public" ? "unknown" : "3A090.a/.b/none depends on die area";
  }
}

std::string expected_2022_10(const ExportVerdict& verdict) {
  if (verdict.verdict == ExportClass::kFree) return "not 3A090";
  return verdict.verdict == ExportClass::kControlled ? "3A090" : "unknown";
}

TEST(ExportClass, AgreesWithEveryRecordMadeByHand) {
  const Catalog catalog;
  for (const ExportRecord& record : catalog.export_records()) {
    const Chip chip = catalog.chip(record.chip);
    const auto performance = total_performance(chip);
    ASSERT_EQ(performance.has_value(), record.tpp.has_value()) << record.chip;
    // The record is rounded to a whole TPP.
    EXPECT_NEAR(performance ? performance->tpp : 0, record.tpp.value_or(0), 1.01) << record.chip;
    const auto density = performance_density(chip);
    ASSERT_EQ(density.has_value(), record.performance_density.has_value()) << record.chip;
    EXPECT_NEAR(density.value_or(0), record.performance_density.value_or(0), 0.006) << record.chip;
    const ExportVerdict first = export_class_2022_10(chip);
    // Both figures must reach their thresholds: one that does not settles it, where the records wait for the other.
    const bool settled = record.rule_2022_10 == "unknown" && first.verdict == ExportClass::kFree;
    EXPECT_TRUE(settled || expected_2022_10(first) == record.rule_2022_10) << record.chip;
    EXPECT_EQ(expected_2023_11(export_class_2023_11(chip)), record.rule_2023_11) << record.chip;
    const ExportVerdict review = export_class_2026_01(chip);
    if (chip.country != "US") {
      EXPECT_EQ(review.verdict, ExportClass::kUnknown) << record.chip;
    } else if (review.verdict == ExportClass::kCaseByCase) {
      EXPECT_TRUE(record.rule_2026_01.starts_with("case-by-case")) << record.chip;
    } else if (review.verdict == ExportClass::kFree) {
      EXPECT_TRUE(record.rule_2026_01.starts_with("not 3A090.a")) << record.chip;
    } else {
      EXPECT_EQ(export_class_name(review.verdict), record.rule_2026_01) << record.chip;
    }
  }
}

TEST(ExportClass, DependsOnTheDay) {
  const Chip chip = Catalog().chip("a800-sxm");
  const auto before = export_classes(chip, "2023-01-01");
  ASSERT_EQ(before.size(), 1u);
  EXPECT_EQ(before[0].verdict, ExportClass::kFree);
  const auto after = export_classes(chip, "2026-06-30");
  ASSERT_EQ(after.size(), 2u);
  EXPECT_EQ(after[0].verdict, ExportClass::kControlledA);
  EXPECT_EQ(after[1].verdict, ExportClass::kCaseByCase);
  EXPECT_TRUE(export_classes(chip, "2020-01-01").empty());
}

// NVLink and PCIe of an H100 are 1028 GB/s, of an A800 464 GB/s: the first is above the 600 of October 2022.
TEST(ExportClass, LinksDecideWhereThePeakDoesNot) {
  EXPECT_EQ(export_classes(Catalog().chip("h100-sxm"), "2023-01-01").at(0).verdict, ExportClass::kControlled);
  Chip chip = Catalog().chip("a800-sxm");
  EXPECT_EQ(export_classes(chip, "2023-01-01").at(0).verdict, ExportClass::kFree);
  chip.peak[static_cast<std::size_t>(PeakFormat::kBf16)] = FlopsPerSecond{400e12};
  EXPECT_EQ(export_class_2022_10(chip).verdict, ExportClass::kFree);
  chip.all_links.reset();
  EXPECT_EQ(export_class_2022_10(chip).reason, "TPP 6400; the total of all links is unknown");
}

TEST(ExportClass, AnUnknownDieAreaStaysUnknown) {
  Chip chip = Catalog().chip("tpu-v5e");
  EXPECT_EQ(performance_density(chip), std::nullopt);
  const ExportVerdict verdict = export_class_2023_11(chip);
  EXPECT_EQ(verdict.verdict, ExportClass::kUnknown);
  EXPECT_NE(verdict.reason.find("die area unknown"), std::string::npos);
}

}  // namespace
}  // namespace socle::catalog
