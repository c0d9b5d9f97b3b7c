#include "socle/cost/yearly_cost.hpp"

#include <gtest/gtest.h>

#include "socle/cost/break_even.hpp"
#include "socle/cost/carbon.hpp"
#include "socle/cost/cash_flow.hpp"

namespace socle::cost {
namespace {

using F = CostFactor;

/// 64 nodes of eight chips with everything stated, money in USD.
Plant plant() { return {.nodes = 64, .chips = 512, .rated_per_node = Watts{10'200}, .network_power = Watts{50'000}}; }
Values values() {
  Values values;
  const auto set = [&](F factor, double value) { values[index_of(factor)] = value; };
  set(F::kNodePrice, 300'000), set(F::kNetworkPrice, 2e6), set(F::kStoragePrice, 1e6), set(F::kInstallation, 0.02);
  set(F::kSpares, 0.03), set(F::kSite, 10), set(F::kSiteLife, 12), set(F::kSiteUpkeep, 0.04), set(F::kColocation, 150);
  set(F::kTariff, 0.08), set(F::kPue, 1.3), set(F::kWorkingPower, 0.7), set(F::kIdlePower, 0.25), set(F::kLife, 5);
  set(F::kResidual, 0.05), set(F::kInterest, 0.08), set(F::kMaintenance, 0.03), set(F::kStaff, 5e5);
  set(F::kSoftware, 100), set(F::kInsurance, 0.005), set(F::kUtilisation, 0.8), set(F::kGoodput, 0.9);
  set(F::kOnDemand, 2.5), set(F::kReserved, 2.0), set(F::kSpot, 1.5), set(F::kSpotLost, 0.1), set(F::kExchange, 7.1);
  return values;
}
Values with(F factor, double value) {
  Values changed = values();
  changed[index_of(factor)] = value;
  return changed;
}

TEST(YearlyCost, LinesAddUpToTheTotal) {
  for (const Way way : kAllWays) {
    const YearlyCost year = yearly_cost(way, plant(), values());
    ASSERT_TRUE(year.known()) << way_name(way);
    EXPECT_TRUE(year.left_out.empty()) << way_name(way);
    double sum = 0;
    for (const auto& line : year.lines) sum += line.value_or(0);
    EXPECT_NEAR(sum, year.total, 1e-9 * year.total);
  }
}

TEST(YearlyCost, RentIsPaidWhileChipsWorkOrDayAndNight) {
  // 512 chips x 8766 h x 2.5 x 0.8; reserved 512 x 8766 x 2.
  EXPECT_NEAR(*yearly_cost(Way::kOnDemand, plant(), values()).line(CostLine::kRent), 512 * 8766 * 2.0, 1e-3);
  EXPECT_NEAR(*yearly_cost(Way::kReserved, plant(), values()).line(CostLine::kRent), 512 * 8766 * 2.0, 1e-3);
}

TEST(YearlyCost, EnergyIsMeteredWorkingAndIdle) {
  // GPT-3 on 64 nodes of 8 H100, metered at 6,849 W a node for 56.9 min: 415.6 kWh (published 415.22).
  Values metered = with(F::kWorkingPower, 6849.0 / 10'200);
  metered[index_of(F::kUtilisation)] = 1.0, metered[index_of(F::kPue)] = 1.0, metered[index_of(F::kSpares)] = 0.0;
  const Plant nodes{.nodes = 64, .chips = 512, .rated_per_node = Watts{10'200}, .network_power = {}};
  const double kwh = *yearly_kwh(nodes, metered) / 8766 * (56.9 / 60);
  EXPECT_NEAR(kwh, 415.22, 0.002 * 415.22);
  // Half of the time idle: half of the one draw and half of the other.
  metered[index_of(F::kUtilisation)] = 0.5;
  EXPECT_NEAR(*yearly_kwh(nodes, metered), 64 * 8766 * (0.5 * 6.849 + 0.5 * 0.25 * 10.2), 1e-3);
}

TEST(YearlyCost, PublishedRentsComeOutExactly) {
  Values rented;
  rented[index_of(F::kOnDemand)] = 2, rented[index_of(F::kUtilisation)] = 1, rented[index_of(F::kGoodput)] = 1;
  // DeepSeek-V3: 2.788M chip-hours at 2 USD; pre-training 2.664M.
  const Plant training{.nodes = 256, .chips = 2048, .rated_per_node = {}, .network_power = {}};
  const double hour = *yearly_cost(Way::kOnDemand, training, rented).per_useful_chip_hour;
  EXPECT_DOUBLE_EQ(hour * 2.788e6, 5'576'000);
  EXPECT_DOUBLE_EQ(hour * 2.664e6, 5'328'000);
  // DeepSeek's serving: 226.75 nodes of eight, a day.
  const Plant serving{.nodes = 226, .chips = 1814, .rated_per_node = {}, .network_power = {}};
  EXPECT_NEAR(yearly_cost(Way::kOnDemand, serving, rented).total / 365.25, 87'072.00, 1e-6);
  // 512 B200 at 90.22 USD a node and hour: 5,774.08 an hour, 4,157,337.60 in 30 days, 41,573 for a point of goodput.
  rented[index_of(F::kOnDemand)] = 90.22 / 8;
  const Plant b200{.nodes = 64, .chips = 512, .rated_per_node = {}, .network_power = {}};
  const double hourly = yearly_cost(Way::kOnDemand, b200, rented).total / 8766;
  EXPECT_NEAR(hourly, 5774.08, 1e-6);
  EXPECT_NEAR(hourly * 720, 4'157'337.60, 1e-3);
  EXPECT_NEAR(hourly * 720 * 0.01, 41'573, 0.5);
}

TEST(YearlyCost, NoPriceCostsNothingAndNothingIsNaN) {
  Values free = values();
  for (const F factor : {F::kNodePrice, F::kNetworkPrice, F::kStoragePrice, F::kSite, F::kSiteUpkeep, F::kColocation,
                         F::kTariff, F::kStaff, F::kSoftware, F::kOnDemand, F::kReserved, F::kSpot})
    free[index_of(factor)] = 0;
  for (const Way way : kAllWays) {
    EXPECT_EQ(yearly_cost(way, plant(), free).total, 0) << way_name(way);
    EXPECT_EQ(*yearly_cost(way, plant(), free).per_useful_chip_hour, 0);
  }
  // Nothing works: a useful chip-hour has no price, which is not infinity.
  EXPECT_FALSE(yearly_cost(Way::kBuild, plant(), with(F::kUtilisation, 0)).per_useful_chip_hour);
  Values kept = with(F::kResidual, 1);
  kept[index_of(F::kInterest)] = 0;
  EXPECT_EQ(*yearly_cost(Way::kBuild, plant(), kept).line(CostLine::kNodes), 0);
}

TEST(YearlyCost, NeverFallsWhenAPriceRises) {
  for (const F factor : {F::kNodePrice,    F::kNetworkPrice, F::kStoragePrice, F::kInstallation, F::kSpares,
                         F::kSite,         F::kSiteUpkeep,   F::kColocation,   F::kTariff,       F::kPue,
                         F::kWorkingPower, F::kIdlePower,    F::kInterest,     F::kMaintenance,  F::kStaff,
                         F::kSoftware,     F::kInsurance,    F::kOnDemand,     F::kReserved,     F::kSpot}) {
    for (const Way way : kAllWays) {
      const double before = yearly_cost(way, plant(), values()).total;
      const double after = yearly_cost(way, plant(), with(factor, *values()[index_of(factor)] * 1.1)).total;
      EXPECT_GE(after, before) << way_name(way) << ", " << catalog::facts_of(factor).label;
    }
  }
}

TEST(YearlyCost, NamesWhatIsMissing) {
  Values lacking = values();
  lacking[index_of(F::kTariff)].reset(), lacking[index_of(F::kStaff)].reset();
  const YearlyCost year = yearly_cost(Way::kBuild, plant(), lacking);
  ASSERT_EQ(year.missing.size(), 1U);
  EXPECT_EQ(year.missing.front(), F::kTariff);
  ASSERT_EQ(year.left_out.size(), 1U);
  EXPECT_EQ(year.left_out.front(), F::kStaff);
  EXPECT_TRUE(yearly_cost(Way::kOnDemand, plant(), lacking).known());
}

TEST(BreakEven, RentEqualsBuildingThere) {
  for (const Way own : {Way::kBuild, Way::kColocate}) {
    const auto share = break_even_utilisation(own, plant(), values());
    ASSERT_TRUE(share);
    const Values there = with(F::kUtilisation, *share);
    EXPECT_NEAR(yearly_cost(own, plant(), there).total / yearly_cost(Way::kOnDemand, plant(), there).total, 1.0, 1e-9);
    const auto months = break_even_months(own, Way::kOnDemand, plant(), values());
    ASSERT_TRUE(months);
    const YearlyCost owned = yearly_cost(own, plant(), values()),
                     rented = yearly_cost(Way::kOnDemand, plant(), values());
    EXPECT_NEAR(owned.paid_at_start + running_per_year(owned) / 12 * *months,
                rented.paid_at_start + running_per_year(rented) / 12 * *months, 1e-3);
  }
  EXPECT_FALSE(break_even_months(Way::kBuild, Way::kOnDemand, plant(), with(F::kOnDemand, 0.1)));
}

TEST(CashFlow, AddsUpAndResellsAtTheEnd) {
  const YearlyCost year = yearly_cost(Way::kColocate, plant(), values());
  const auto flow = cash_flow(year, 5, 5);
  ASSERT_EQ(flow.size(), 20U);
  EXPECT_EQ(flow.front().bought, year.paid_at_start);
  EXPECT_EQ(flow.back().resold, year.resale);
  EXPECT_NEAR(flow.back().cumulative, year.paid_at_start + 5 * running_per_year(year) - year.resale, 1e-3);
  EXPECT_NEAR(present_value(flow, 0), flow.back().cumulative, 1e-3);
  // Beyond their life machines are bought again.
  EXPECT_EQ(cash_flow(year, 5, 6)[20].bought, year.paid_at_start);
}

TEST(Carbon, FollowsModelCards) {
  // Llama 3.1 at 700 W a chip: 1.46M, 7.0M and 30.84M hours gave 420, 2,040 and 8,930 t, 0.411 to 0.416 kg/kWh.
  EXPECT_NEAR(carbon_tonnes(1.46e6 * 0.7, 0.411), 420, 420 * 1e-3);
  EXPECT_NEAR(carbon_tonnes(7.0e6 * 0.7, 0.416), 2040, 2040 * 1e-3);
  EXPECT_NEAR(carbon_tonnes(30.84e6 * 0.7, 0.4137), 8930, 8930 * 1e-3);
  // BLOOM: 433 MWh at 57 g.
  EXPECT_NEAR(carbon_tonnes(433e3, 0.057), 25, 0.02 * 25);
}

}  // namespace
}  // namespace socle::cost
