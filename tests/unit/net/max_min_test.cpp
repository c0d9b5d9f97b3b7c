#include "socle/net/max_min.hpp"

#include <gtest/gtest.h>

namespace socle::net {
namespace {

struct FlowCase {
  std::vector<LinkId> path;
  double rate;
  double weight = 1.0, cap = MaxMin::kNoCap;
};
struct Case {
  const char* name;
  std::vector<double> capacities;
  std::vector<FlowCase> flows;
};

// Rates worked out by hand; the classical cases of Bertsekas and Gallager.
TEST(MaxMin, ClassicalNetworks) {
  const Case cases[] = {
      {"one link shared by four", {8}, {{{0}, 2}, {{0}, 2}, {{0}, 2}, {{0}, 2}}},
      {"parking lot: a long flow and a short one on each of three links",
       {1, 1, 1},
       {{{0, 1, 2}, 0.5}, {{0}, 0.5}, {{1}, 0.5}, {{2}, 0.5}}},
      {"uneven parking lot", {1, 2}, {{{0, 1}, 0.5}, {{0}, 0.5}, {{1}, 1.5}}},
      {"nested: links of 1 carry 1 2 3, 3 4, 4 5",
       {1, 1, 1},
       {{{0}, 1.0 / 3}, {{0}, 1.0 / 3}, {{0, 1}, 1.0 / 3}, {{1, 2}, 0.5}, {{2}, 0.5}}},
      {"one of three capped at 1 of 10", {10}, {{{0}, 1, 1, 1}, {{0}, 4.5}, {{0}, 4.5}}},
      {"weights 1 2 2 on 10", {10}, {{{0}, 2, 1}, {{0}, 4, 2}, {{0}, 4, 2}}},
      {"a dead link stops its flows only", {0, 4}, {{{0, 1}, 0}, {{1}, 4}}},
      {"alone on its links", {5, 3, 9}, {{{0, 1, 2}, 3}}},
  };
  for (const Case& c : cases) {
    MaxMin rates(c.capacities);
    for (const FlowCase& flow : c.flows) rates.start(rates.add(flow.path, {}, flow.weight, flow.cap));
    rates.solve();
    for (FlowId f = 0; f < c.flows.size(); ++f)
      EXPECT_NEAR(rates.rate(f), c.flows[f].rate, 1e-12) << c.name << ", flow " << f;
  }
}

// Four flows share 8; one leaves: the others go from 2 to 8 / 3. A flow elsewhere is not looked at.
TEST(MaxMin, ADepartureOpensItsNeighboursOnly) {
  MaxMin rates({8, 5});
  const std::vector<LinkId> first{0}, second{1};
  for (int i = 0; i < 4; ++i) rates.start(rates.add(first));
  for (int i = 0; i < 2; ++i) rates.start(rates.add(second));
  rates.solve();
  rates.stop(0);
  rates.solve();
  EXPECT_NEAR(rates.rate(1), 8.0 / 3, 1e-12);
  EXPECT_EQ(rates.changed().size(), 3u);
  EXPECT_EQ(rates.counts().opened, 6u + 3u);
}

// Equal flows that end together leave nothing to solve: no rate depends on them.
TEST(MaxMin, NothingIsSolvedWhenAWholeBottleneckLeaves) {
  MaxMin rates({8, 100});
  const std::vector<LinkId> both{0, 1}, wide{1};
  rates.start(rates.add(both));
  rates.start(rates.add(both));
  rates.start(rates.add(wide, {}, 1.0, 10.0));
  rates.solve();
  const auto solves = rates.counts().solves;
  rates.stop(0);
  rates.stop(1);
  rates.solve();
  EXPECT_EQ(rates.counts().solves, solves);
  EXPECT_EQ(rates.rate(2), 10.0);
}

}  // namespace
}  // namespace socle::net
