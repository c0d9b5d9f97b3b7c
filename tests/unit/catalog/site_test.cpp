#include "socle/catalog/site.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "socle/base/error.hpp"

namespace socle::catalog {
namespace {

/// The round trip both ways, in milliseconds, the shorter first.
std::pair<double, double> both_ways(const std::vector<Site>& sites, std::string_view a, std::string_view b) {
  const auto one_way = [&](std::string_view from, std::string_view to) {
    for (const Site& site : sites) {
      if (site.slug != from) continue;
      for (const RoundTrip& trip : site.round_trips) {
        if (trip.to == to) return trip.time.value() * 1e3;
      }
    }
    ADD_FAILURE() << from << " to " << to << " is not known";
    return 0.0;
  };
  const double there = one_way(a, b), back = one_way(b, a);
  return {std::min(there, back), std::max(there, back)};
}

TEST(Sites, RoundTripsBetweenCloudRegionsAreThoseThatWerePublished) {
  const std::vector<Site> sites = load_sites(Catalog());
  struct Pair {
    const char *a, *b;
    double least, most;  // ms, of the two directions
  };
  for (const Pair& pair :
       {Pair{"us-east-1", "eu-central-1", 91, 92}, Pair{"us-east-1", "ap-southeast-1", 211, 213},
        Pair{"ap-southeast-1", "eu-central-1", 157, 158}, Pair{"ap-northeast-1", "ap-southeast-1", 68, 69}}) {
    const auto [least, most] = both_ways(sites, pair.a, pair.b);
    EXPECT_NEAR(least, pair.least, 1e-9) << pair.a << " " << pair.b;
    EXPECT_NEAR(most, pair.most, 1e-9) << pair.a << " " << pair.b;
  }
}

TEST(Sites, TwoOperatorsAgreeOnTheSameTwoPlaces) {
  // Washington to Frankfurt, measured by two clouds on their own cables: within 2 ms.
  const std::vector<Site> sites = load_sites(Catalog());
  const auto one = both_ways(sites, "ibm-washington-dc", "ibm-frankfurt");
  const auto other = both_ways(sites, "us-east-1", "eu-central-1");
  EXPECT_NEAR(one.first, 91, 1e-9);
  EXPECT_NEAR(one.first, other.first, 2);
  EXPECT_NEAR(one.second, other.second, 2);
}

TEST(Sites, NoRoundTripIsFasterThanLightInFibre) {
  std::size_t pairs = 0;
  for (const Site& site : load_sites(Catalog())) {
    for (const RoundTrip& trip : site.round_trips) {
      EXPECT_GE(trip.time, trip.least) << site.slug << " " << trip.to;
      ++pairs;
    }
  }
  EXPECT_EQ(pairs, 441u + 90u);  // 21 x 21 of one cloud, 10 x 9 of another
}

TEST(Sites, LightNeedsAHundredMillisecondsForAQuarterOfTheEarthAndBack) {
  // From the pole to the equator: pi / 2 x 6371 km = 10,007.5 km; there and back at 199,861.6 km/s: 100.14 ms.
  const auto at = [](double latitude) {
    Site site;
    site.latitude = latitude;
    return site;
  };
  EXPECT_NEAR(least_round_trip(at(90), at(0)).value(), 0.10014, 1e-5);
  EXPECT_EQ(least_round_trip(at(45), at(45)).value(), 0);
}

std::string refusal_of(const std::string& text) {
  try {
    (void)load_sites(Catalog({{"sites/own.toml", text, "own/sites/own.toml"}}));
  } catch (const InputError& error) { return error.what(); }
  return {};
}

const std::string kHead = "name = \"Own\"\nsource = \"a log of ours\"\n";

TEST(Sites, ATimeThatLightCannotKeepIsRefused) {
  // Berlin to Beijing is some 7,370 km: 74 ms at the least.
  const std::string message = refusal_of(kHead +
                                         "[[site]]\nslug = \"berlin\"\nplace = \"Berlin\"\nlatitude = 52.5\n"
                                         "longitude = 13.4\nround_trip_ms = [0, 40]\n"
                                         "[[site]]\nslug = \"beijing\"\nplace = \"Beijing\"\nlatitude = 39.9\n"
                                         "longitude = 116.4\nround_trip_ms = [0, 0]\n");
  EXPECT_NE(message.find("own/sites/own.toml:8"), std::string::npos) << message;
  EXPECT_NE(message.find("round_trip_ms = 40 from berlin to beijing"), std::string::npos) << message;
}

TEST(Sites, ARowHasAFigureForEachSite) {
  const std::string message = refusal_of(kHead +
                                         "[[site]]\nslug = \"berlin\"\nplace = \"Berlin\"\nlatitude = 52.5\n"
                                         "longitude = 13.4\nround_trip_ms = [0, 40]\n");
  EXPECT_NE(message.find("berlin has 2 figures and the file 1 sites"), std::string::npos) << message;
}

}  // namespace
}  // namespace socle::catalog
