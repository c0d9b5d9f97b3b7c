// Three schools' chip-hours on figures that others published or computed by hand.
#include "socle/cost/views.hpp"

#include <gtest/gtest.h>

#include "socle/cost/annuity.hpp"

namespace socle::cost {
namespace {

TEST(Annuity, PaysTheServerBackWithInterest) {
  // 250,000 at 10 % a year, paid monthly over 3 to 6 years, for one of eight chips and one of 730.5 hours a month.
  const double expected[] = {1.380, 1.085, 0.909, 0.793};
  for (int years = 3; years <= 6; ++years)
    EXPECT_NEAR(annuity_per_year(250'000, 0, years, 0.10) / 12 / 8 / 730.5, expected[years - 3], 1e-3);
}

TEST(Annuity, WithoutInterestIsAStraightLine) {
  EXPECT_DOUBLE_EQ(annuity_per_year(1000, 0.2, 4, 0), 200);
  EXPECT_NEAR(annuity_per_year(1000, 0.2, 4, 1e-9), 200, 1e-3);
  EXPECT_DOUBLE_EQ(annuity_per_year(1000, 1, 4, 0), 0);  // all of it is left
}

TEST(EpochView, IsThatOfAnH100At33750) {
  // 33,750 x 0.14 ln 10 / 8766 = 1.2411; + 19/81 of it; 0.7 kW x (10.2 / 8 / 0.7) x 0.75 x 1.1 = 1.0519 kW at 0.0771.
  const double kw = epoch_kw(10.2 / 8, 1.1);
  EXPECT_NEAR(kw, 1.0519, 1e-4);
  const EpochView view = epoch_view(33'750, kw, 0.0771);
  EXPECT_NEAR(view.hardware, 1.2411, 1e-3);
  EXPECT_NEAR(view.network, 0.2911, 1e-3);
  EXPECT_NEAR(view.energy, 0.0811, 1e-3);
  EXPECT_NEAR(view.total(), 1.6134, 1e-3);
}

TEST(BarrosoView, IsThatOfAnEightGpuServer) {
  BarrosoInputs inputs{.rated_kw = 10.2, .server_price = 250'000, .server_years = 5, .tariff = 0.067};
  const BarrosoView view = barroso_view(inputs);
  EXPECT_NEAR(view.hall, 0.06944, 1e-4);
  EXPECT_NEAR(view.hall_interest, 0.03880, 1e-4);
  EXPECT_NEAR(view.hall_upkeep, 0.04, 1e-12);
  EXPECT_NEAR(view.power, 0.04824, 1e-4);
  EXPECT_NEAR(view.overhead, 0.02412, 1e-4);
  EXPECT_NEAR(view.server, 0.40850, 1e-4);
  EXPECT_NEAR(view.server_upkeep, 0.02042, 1e-4);
  EXPECT_NEAR(view.server_interest, 0.08847, 1e-4);
  EXPECT_NEAR(view.total(), 0.73800, 1e-4);
  inputs.server_years = 4;
  EXPECT_NEAR(barroso_view(inputs).total(), 0.84449, 1e-4);
}

TEST(BarrosoView, PutsServersFirstAndPowerNotFirstForACloudOf2010) {
  // 46,000 servers of 165 W at 1,450 USD over 3 years, a hall at 11 USD/W over 15: servers were 57 %, power 13 %.
  const BarrosoView view = barroso_view({.rated_kw = 0.165,
                                         .server_price = 1450,
                                         .server_years = 3,
                                         .tariff = 0.07,
                                         .interest = 0.05,
                                         .hall = 11,
                                         .hall_years = 15,
                                         .hall_upkeep = 0.04,
                                         .pue = 1.45,
                                         .server_upkeep = 0.05,
                                         .draw = 0.8});
  const double servers = view.server + view.server_interest, hall = view.hall + view.hall_interest,
               power = view.power + view.overhead;
  EXPECT_GT(servers, hall);
  EXPECT_GT(hall, 0);
  EXPECT_GT(servers, power);
  EXPECT_NEAR(servers / view.total(), 0.57, 0.08);
}

}  // namespace
}  // namespace socle::cost
