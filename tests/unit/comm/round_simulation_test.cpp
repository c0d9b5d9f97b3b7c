#include "socle/comm/round_simulation.hpp"

#include <fstream>
#include <numeric>

#include <gtest/gtest.h>

#include "socle/base/random.hpp"
#include "socle/net/scale_up_domains.hpp"

namespace socle::comm {
namespace {

using net::FabricSpec;
using net::Routing;

FabricSpec cube_tree(std::uint32_t radix, double hop_latency_us) {
  return {.topology = "fat-tree",
          .endpoints = radix * radix * radix / 4,
          .radix = radix,
          .hop_latency = Seconds{hop_latency_us * 1e-6},
          .tiers = 3};
}

std::vector<std::uint32_t> in_order(std::uint32_t count) {
  std::vector<std::uint32_t> members(count);
  std::iota(members.begin(), members.end(), 0u);
  return members;
}

SimulationResult run(const FabricSpec& spec, const RoundPlan& plan, const net::RoutingOptions& routing = {},
                     const SimulationOptions& options = {}) {
  const auto topology = net::build_fabric(spec);
  net::Router router(*topology, routing);
  const PlacedPlan placed{&plan, in_order(topology->endpoints())};
  return simulate_rounds(router, {&placed, 1}, options);
}

RoundPlan plan_of(const char* algorithm, Operation operation, std::uint32_t ranks, double bytes,
                  std::uint32_t inner = 1) {
  return *find_round_algorithm(algorithm)->plan(
      {.operation = operation, .ranks = ranks, .buffer = Bytes{bytes}, .inner = inner});
}

RoundPlan one_round(std::vector<Transfer> transfers) {
  RoundPlan plan{.algorithm = "given"};
  plan.rounds.push_back({.transfers = std::move(transfers)});
  return plan;
}

void expect_ms(Seconds time, double milliseconds) {
  EXPECT_NEAR(time.value() * 1e3 / milliseconds, 1.0, 1e-9) << milliseconds;
}

// k-ary fat trees of 400 Gb/s, 1 us a link. The values are alpha-beta by hand and agree with SimGrid's raw model.
TEST(RoundSimulation, CollectivesOnFatTreesTakeTheirPublishedTimes) {
  expect_ms(run(cube_tree(8, 0), plan_of("direct", Operation::kAllToAll, 128, 128e6)).time, 2.540);
  expect_ms(run(cube_tree(8, 1), plan_of("direct", Operation::kAllToAll, 128, 128e6)).time, 2.546);
  expect_ms(run(cube_tree(8, 1), plan_of("pairwise", Operation::kAllToAll, 128, 128e6)).time, 3.302);
  for (const bool every_flow : {false, true}) {
    const SimulationOptions options{.every_flow = every_flow};
    expect_ms(run(cube_tree(8, 0), plan_of("ring", Operation::kAllReduce, 128, 1e9), {}, options).time, 39.6875);
    expect_ms(run(cube_tree(8, 1), plan_of("ring", Operation::kAllReduce, 128, 1e9), {}, options).time, 41.2115);
  }
  expect_ms(run(cube_tree(16, 0), plan_of("ring", Operation::kAllReduce, 1024, 1e9)).time, 39.9609375);
  expect_ms(run(cube_tree(16, 1), plan_of("ring", Operation::kAllReduce, 1024, 1e9)).time, 52.2369375);
  expect_ms(run(cube_tree(16, 0), plan_of("direct", Operation::kAllToAll, 1024, 1024e6)).time, 20.460);
}

TEST(RoundSimulation, FixedPermutationsUnderDModK) {
  const struct {
    std::uint32_t radix;
    const char* file;
    double ms;
  } cases[] = {{8, "128", 3.840}, {16, "1024", 6.400}};
  for (const auto& c : cases) {
    std::ifstream file(std::string("../shared/facts/network/workload_permutation_") + c.file + ".txt");
    if (!file) GTEST_SKIP() << "the fixed permutations of ../shared are not here";
    std::vector<Transfer> transfers;
    for (std::uint32_t from = 0, to = 0; file >> from >> to;) transfers.push_back({from, to, Bytes{64e6}});
    expect_ms(run(cube_tree(c.radix, 0), one_round(transfers)).time, c.ms);
    // Spread over all ways, nothing collides: 64 MB at 50 GB/s.
    expect_ms(run(cube_tree(c.radix, 0), one_round(transfers), {.routing = Routing::kSpray}).time, 1.28);
  }
}

// A shift by half of the tree crosses the core everywhere; d-mod-k keeps all flows apart, hashing does not.
TEST(RoundSimulation, ShiftsDoNotCollideUnderDModK) {
  std::vector<Transfer> transfers;
  for (std::uint32_t i = 0; i < 128; ++i) transfers.push_back({i, (i + 64) % 128, Bytes{64e6}});
  const SimulationResult result = run(cube_tree(8, 1), one_round(transfers));
  expect_ms(result.time, 1.286);
  EXPECT_EQ(result.method, Method::kUnshared);
  EXPECT_GT(run(cube_tree(8, 1), one_round(transfers), {.routing = Routing::kHashed, .seed = 1}).time, result.time);
}

TEST(RoundSimulation, IncastSharesTheReceiversLink) {
  std::vector<Transfer> transfers;
  for (std::uint32_t i = 1; i <= 10; ++i) transfers.push_back({i, 0, Bytes{50e6}});
  expect_ms(run(cube_tree(8, 0), one_round(transfers)).time, 10.0);  // 10 x 1 ms
}

// 8 hosts of a leaf with 6 down and 2 up ports send out over 2 uplinks: 2 / 6 of the link for each.
TEST(RoundSimulation, OversubscribedLeavesShareTheirUplinks) {
  const FabricSpec spec{.endpoints = 24, .radix = 8, .hop_latency = Seconds{}, .oversubscription = 3.0, .tiers = 2};
  std::vector<Transfer> transfers;
  for (std::uint32_t i = 0; i < 24; ++i) transfers.push_back({i, (i + 12) % 24, Bytes{50e6}});
  expect_ms(run(spec, one_round(transfers), {.routing = Routing::kSpray}).time, 3.0);
}

// Short flows end and leave their share: 1 GB/s shared by 1 GB and 3 GB: both at half until 2 s, then the long one
// alone.
TEST(RoundSimulation, WhatAFinishedFlowLeavesIsUsed) {
  const FabricSpec spec{.endpoints = 4, .radix = 4, .link = BytesPerSecond{1e9}, .hop_latency = Seconds{}};
  SimulationOptions options{.keep_transfers = true};
  const SimulationResult result = run(spec, one_round({{0, 3, Bytes{1e9}}, {1, 3, Bytes{3e9}}}), {}, options);
  EXPECT_DOUBLE_EQ(result.transfers[0].duration.value(), 2.0);
  EXPECT_DOUBLE_EQ(result.transfers[1].duration.value(), 4.0);
}

/// Jittered messages between random pairs, several groups at once.
TEST(RoundSimulation, BytesOnLinksAreTheBytesSent) {
  const RandomStream random(11, 3);
  for (const Routing routing : {Routing::kDeterministic, Routing::kHashed, Routing::kSpray, Routing::kAdaptive}) {
    std::vector<Transfer> transfers;
    double sent = 0;
    for (std::uint32_t i = 0; i < 200; ++i) {
      const auto from = static_cast<std::uint32_t>(random.below(128, i, 0)),
                 to = static_cast<std::uint32_t>(random.below(128, i, 1));
      if (from == to) continue;
      transfers.push_back({from, to, Bytes{1e6 * random.uniform(i, 2)}});
      sent += transfers.back().bytes.value();
    }
    const SimulationResult result =
        run(cube_tree(8, 1), one_round(transfers), {.routing = routing, .seed = 4, .queue_pairs = 3});
    double left = 0, arrived = 0;
    for (std::uint32_t host = 0; host < 128; ++host)
      left += result.link_bytes[2 * host], arrived += result.link_bytes[2 * host + 1];
    EXPECT_NEAR(left / sent, 1.0, 1e-12);
    EXPECT_NEAR(arrived / sent, 1.0, 1e-12);
  }
}

// Shortcuts are exact: every algorithm, operation and routing gives the time of the simulation of every flow.
TEST(RoundSimulation, ShortcutsEqualEveryFlow) {
  const FabricSpec specs[] = {
      {.endpoints = 16, .radix = 8, .tiers = 2},
      {.endpoints = 16, .radix = 4, .tiers = 3},
      {.topology = "torus", .endpoints = 16, .torus = {4, 4, 1}},
      {.topology = "rail-optimized", .endpoints = 16, .rails = 4, .radix = 8},
      {.topology = "multi-plane", .endpoints = 16, .radix = 4, .planes = 4},
      {.topology = "dragonfly", .endpoints = 16, .radix = 8},
      {.topology = "slim-fly", .endpoints = 16, .radix = 16, .router_endpoints = 1, .field = 3}};
  int shortened = 0;
  for (const FabricSpec& spec : specs) {
    for (const Routing routing : {Routing::kDeterministic, Routing::kHashed, Routing::kSpray}) {
      for (const RoundAlgorithm& algorithm : round_algorithms()) {
        for (std::size_t o = 0; o < operation_names().size(); ++o) {
          const auto plan =
              algorithm.plan({.operation = static_cast<Operation>(o), .ranks = 16, .buffer = Bytes{16e6}, .inner = 4});
          if (!plan) continue;
          const SimulationResult quick = run(spec, *plan, {.routing = routing, .seed = 5});
          const SimulationResult whole = run(spec, *plan, {.routing = routing, .seed = 5}, {.every_flow = true});
          shortened += quick.method != Method::kEveryFlow;
          // Clock ticks: one picosecond of rounding for each message of a chain of them.
          ASSERT_NEAR(quick.time.value(), whole.time.value(), 1e-9 * whole.time.value())
              << spec.topology << " " << algorithm.name << " " << operation_names()[o];
          for (std::size_t link = 0; link < quick.link_bytes.size(); ++link)
            ASSERT_NEAR(quick.link_bytes[link], whole.link_bytes[link], 1e-3);
        }
      }
    }
  }
  EXPECT_GT(shortened, 100);
}

// All capacities and sizes times c: the same times. Without latency, since latency does not scale.
TEST(RoundSimulation, ScalingSizesAndCapacitiesLeavesTimes) {
  FabricSpec spec = cube_tree(4, 0);
  const RoundPlan plan = plan_of("direct", Operation::kAllToAll, 16, 16e6),
                  larger = plan_of("direct", Operation::kAllToAll, 16, 48e6);
  const net::RoutingOptions hashed{.routing = Routing::kHashed, .seed = 9};
  const Seconds time = run(spec, plan, hashed).time;
  spec.link = spec.link * 3.0;
  EXPECT_NEAR(run(spec, larger, hashed).time / time, 1.0, 1e-9);
}

// Turning every host's number round within its symmetric tree changes no time.
TEST(RoundSimulation, RelabellingHostsOfASymmetricFabricLeavesTimes) {
  const auto topology = net::build_fabric(cube_tree(8, 1));
  const RoundPlan plan = plan_of("ring", Operation::kAllReduce, 128, 1e9);
  std::vector<std::uint32_t> mirrored = in_order(128);
  std::reverse(mirrored.begin(), mirrored.end());
  net::Router router(*topology, {});
  const PlacedPlan straight{&plan, in_order(128)}, turned{&plan, mirrored};
  EXPECT_EQ(simulate_rounds(router, {&straight, 1}, {}).time, simulate_rounds(router, {&turned, 1}, {}).time);
}

// One of 4 uplinks of a leaf fails: with perfect rehashing the other three carry all, so the leaf keeps 3 / 4.
TEST(RoundSimulation, AFailedUplinkLeavesTheOthersTheLoad) {
  const FabricSpec spec{.endpoints = 8, .radix = 8, .hop_latency = Seconds{}, .tiers = 2};
  const auto topology = net::build_fabric(spec);
  net::Router router(*topology, {.routing = Routing::kSpray});
  std::vector<Transfer> transfers;
  for (std::uint32_t i = 0; i < 4; ++i) transfers.push_back({i, i + 4, Bytes{50e6}});
  const RoundPlan plan = one_round(transfers);
  const PlacedPlan placed{&plan, in_order(8)};
  expect_ms(simulate_rounds(router, {&placed, 1}, {}).time, 1.0);
  router.set_failed(2 * 8, true);  // the first cable behind the endpoints'
  expect_ms(simulate_rounds(router, {&placed, 1}, {}).time, 4.0 / 3.0);
}

// A ring's flow loses its way at 10 ms and has another one 5 ms later: the ring stands for 5 ms.
TEST(RoundSimulation, AFailureDuringTheRunCostsItsRerouteTime) {
  const FabricSpec spec{.endpoints = 8, .radix = 8, .hop_latency = Seconds{}, .tiers = 2};
  const auto topology = net::build_fabric(spec);
  const RoundPlan plan = plan_of("ring", Operation::kAllReduce, 8, 1e9);
  const PlacedPlan placed{&plan, in_order(8)};
  net::Router first(*topology, {}), second(*topology, {});
  const Seconds healthy = simulate_rounds(first, {&placed, 1}, {}).time;
  net::Selector choose = net::Selector::deterministic();
  net::Path path;
  topology->route(3, 4, choose, path);  // the ring leaves the first leaf here
  SimulationOptions options{.failures = {{Seconds{10e-3}, {path[1]}}}, .reroute_after = Seconds{5e-3}};
  const SimulationResult result = simulate_rounds(second, {&placed, 1}, options);
  EXPECT_EQ(result.stalled, 0u);
  EXPECT_NEAR((result.time - healthy).value(), 5e-3, 1e-9);
}

TEST(RoundSimulation, AHostCutOffStallsWhatNeedsIt) {
  const FabricSpec spec{.endpoints = 8, .radix = 8, .tiers = 2};
  const auto topology = net::build_fabric(spec);
  net::Router router(*topology, {});
  const RoundPlan plan = plan_of("ring", Operation::kAllReduce, 8, 1e9);
  const PlacedPlan placed{&plan, in_order(8)};
  SimulationOptions options{.failures = {{Seconds{10e-3}, {0}}}, .reroute_after = Seconds{5e-3}};
  EXPECT_GT(simulate_rounds(router, {&placed, 1}, options).stalled, 0u);
}

}  // namespace
}  // namespace socle::comm
