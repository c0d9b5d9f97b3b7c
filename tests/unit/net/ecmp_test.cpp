#include "socle/net/ecmp.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "socle/net/router.hpp"
#include "socle/net/scale_up_domains.hpp"

namespace socle::net {
namespace {

struct Row {
  int links, flows;
  double used, no_collision, most;
};
// Exact values, to the digits printed.
const Row kRows[] = {
    {2, 2, 0.75, 5.000e-01, 1.5},          {4, 4, 0.683594, 9.375e-02, 2.125},    {8, 8, 0.656391, 2.403e-03, 2.5972},
    {16, 16, 0.643926, 1.134e-06, 3.0782}, {32, 32, 0.637945, 1.800e-13, 3.5329}, {64, 64, 0.635013, 3.220e-27, 3.9577},
    {8, 16, 0.881933, 0, 4.2014},          {8, 32, 0.98606, 0, 7.0478},           {8, 64, 0.999806, 0, 12.2353},
    {64, 128, 0.866785, 0, 5.9673},
};

TEST(Ecmp, ExactExpectations) {
  for (const Row& row : kRows) {
    const EcmpExpectation e = ecmp_expectation(row.links, row.flows);
    EXPECT_NEAR(e.links_used, row.used, 5.1e-7) << row.links << " " << row.flows;
    EXPECT_NEAR(e.no_collision, row.no_collision, 5.1e-4 * row.no_collision) << row.links << " " << row.flows;
    EXPECT_NEAR(e.most_on_a_link, row.most, 5.1e-5) << row.links << " " << row.flows;
  }
}

// Two leaves of `links` uplinks; `flows` endpoints of the first send to the second over hashed paths. Means over many
// seeds come within five standard errors of the exact values.
TEST(Ecmp, HashedRoutesConvergeToThem) {
  constexpr int kSeeds = 3000;
  for (const auto& [links, flows] : {std::pair{4, 4}, {8, 8}, {16, 16}}) {
    const FabricSpec spec{.topology = "fat-tree",
                          .endpoints = static_cast<std::uint32_t>(2 * flows),
                          .radix = static_cast<std::uint32_t>(2 * links),
                          .tiers = 2};
    const auto tree = build_fabric(spec);
    double used = 0, most = 0, most_squared = 0;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      Router router(*tree, {.routing = Routing::kHashed, .seed = seed});
      FlowPaths paths;
      for (int f = 0; f < flows; ++f)
        router.append(static_cast<std::uint32_t>(f), static_cast<std::uint32_t>(flows + f), 1.0, paths);
      std::vector<int> load(tree->links().size(), 0);
      for (std::size_t p = 0; p < paths.size(); ++p) ++load[paths.links_of(p)[1]];
      const int busiest = *std::max_element(load.begin(), load.end());
      used += static_cast<double>(std::count_if(load.begin(), load.end(), [](int l) { return l > 0; })) / links;
      most += busiest;
      most_squared += static_cast<double>(busiest) * busiest;
    }
    const EcmpExpectation e = ecmp_expectation(links, flows);
    const double error = std::sqrt((most_squared / kSeeds - most / kSeeds * most / kSeeds) / kSeeds);
    EXPECT_NEAR(most / kSeeds, e.most_on_a_link, 5 * error) << links;
    EXPECT_NEAR(used / kSeeds, e.links_used, 5 * 0.5 / std::sqrt(static_cast<double>(kSeeds) * links)) << links;
  }
}

}  // namespace
}  // namespace socle::net
