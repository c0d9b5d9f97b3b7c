#include "socle/base/unit_scale.hpp"

#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace socle {
namespace {

TEST(UnitScale, AValueAndItsRangeShareTheUnitOfTheValue) {
  // 57.27 min; by itself the high end would be 1.205 h.
  const RangeText run = range_text(Ranged<Seconds>{Seconds{3436.2}, Seconds{2779.2}, Seconds{4338}});
  EXPECT_EQ(run.value, "57.27 min");
  EXPECT_EQ(run.low, "46.32 min");
  EXPECT_EQ(run.high, "72.3 min");
  // 33,257 MWh is 33.257 GWh; the low end stays in GWh though it is below one.
  const RangeText energy =
      range_text(Ranged<Joules>{Joules{33257 * 3.6e9}, Joules{900 * 3.6e9}, Joules{41622 * 3.6e9}});
  EXPECT_EQ(energy.value, "33.26 GWh");
  EXPECT_EQ(energy.low, "0.9 GWh");
  EXPECT_EQ(energy.high, "41.62 GWh");
}

TEST(UnitScale, ASpanNamesItsUnitOnce) {
  EXPECT_EQ(unit_for(Seconds{17.55 * 86400}).span(Seconds{14.19 * 86400}, Seconds{22.15 * 86400}), "14.19-22.15 days");
  EXPECT_EQ(unit_for(Money{2e6, Currency::kCny}).span({9e5, Currency::kCny}, {3e6, Currency::kCny}), "0.9-3M CNY");
}

TEST(UnitScale, AColumnTakesTheUnitOfItsSmallestFigure) {
  const std::vector<std::optional<Money>> prices{Money{920'100, Currency::kUsd}, std::nullopt,
                                                 Money{1.092e6, Currency::kUsd}};
  const auto unit = column_unit(prices, [](const std::optional<Money>& price) { return price; });
  EXPECT_EQ(unit.text(prices[0], "-"), "920.1K USD");
  EXPECT_EQ(unit.text(prices[1], "-"), "-");
  EXPECT_EQ(unit.text(prices[2], "-"), "1092K USD");
  const std::vector<Seconds> steps{Seconds{51.1}, Seconds{}, Seconds{314.5}};
  const auto self = [](Seconds time) { return time; };
  EXPECT_EQ(column_unit(steps, self).text(steps[0]), "51.1 s");
  EXPECT_EQ(column_unit(steps, self).text(steps[1]), "0 s");
  EXPECT_EQ(column_unit(steps, self).text(steps[2]), "314.5 s");
}

TEST(UnitScale, AColumnOverDecadesTakesTheUnitOfItsLargestFigure) {
  // In MWh the second would have five digits.
  const std::vector<Joules> runs{Joules{404.4 * 3.6e9}, Joules{33257 * 3.6e9}};
  const auto unit = column_unit(runs, [](Joules energy) { return energy; });
  EXPECT_EQ(unit.text(runs[0]), "0.4044 GWh");
  EXPECT_EQ(unit.text(runs[1]), "33.26 GWh");
}

TEST(UnitScale, MemoryIsReadAgainstTheLargest) {
  const std::vector<Bytes> stages{0.5 * 1_GiB, 10_GiB};
  const auto unit = memory_column_unit(stages, [](Bytes size) { return size; });
  EXPECT_EQ(unit.text(stages[0]), "0.5 GiB");
  EXPECT_EQ(unit.text(stages[1]), "10 GiB");
}

TEST(UnitScale, AColumnOfNothingOrOfNoNumberHasAUnitToo) {
  const std::vector<Bytes> none, odd{Bytes{std::numeric_limits<double>::infinity()}, Bytes{-2e9}};
  const auto self = [](Bytes size) { return size; };
  EXPECT_EQ(column_unit(none, self).text(Bytes{5}), "5 B");
  EXPECT_EQ(column_unit(odd, self).text(odd[0]), "unknown");
  EXPECT_EQ(column_unit(odd, self).text(odd[1]), "-2 GB");
}

TEST(UnitScale, WhatRoundsUpToTheNextUnitIsWrittenInIt) {
  EXPECT_EQ(unit_for(Bytes{999.96e9}).text(Bytes{999.96e9}), "1 TB");
  EXPECT_EQ(unit_for(Seconds{119}).text(Seconds{119}), "119 s");
  EXPECT_EQ(unit_for(Seconds{120}).text(Seconds{120}), "2 min");
  EXPECT_EQ(unit_for(9999.0).text(9999.0), "9999");
  EXPECT_EQ(unit_for(1e4).text(1e4), "10K");
}

TEST(UnitScale, EveryUnitKeepsItsOwnSizeBetweenOneAndAThousand) {
  // From a tiny to a huge figure: the number that is printed never has more than four digits before the point, up to
  // the largest unit.
  for (double size = 1.0; size < 9e17; size *= 7) {
    const double number = std::stod(unit_for(Bytes{size}).number(Bytes{size}));
    EXPECT_GE(number, 1.0) << size;
    EXPECT_LT(number, 1000.0) << size;
  }
  for (double size = 1.0; size < 9e17; size *= 7) {
    const double number = std::stod(binary_unit_for(Bytes{size}).number(Bytes{size}));
    EXPECT_GE(number, 1.0) << size;
    EXPECT_LT(number, 1024.0) << size;
  }
}

}  // namespace
}  // namespace socle
