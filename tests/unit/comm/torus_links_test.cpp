#include "socle/comm/torus_links.hpp"

#include <numeric>

#include <gtest/gtest.h>

#include "socle/base/random.hpp"
#include "socle/comm/round_simulation.hpp"
#include "socle/net/scale_up_domains.hpp"

namespace socle::comm {
namespace {

using catalog::TorusSlice;
using graph::Collective;

constexpr BytesPerSecond kLink{100e9};

TorusSlice cube(std::array<int, 3> sides) {
  return {.sides = sides, .rings = {sides[0] > 1, sides[1] > 1, sides[2] > 1}, .dimensions = 3};
}
TorusSlice mesh(std::array<int, 3> sides) { return {.sides = sides, .rings = {}, .dimensions = 3}; }

struct SpanCase {
  const char* what;
  TorusSlice slice;
  LocalGroup group;
  std::vector<SideSpan> spans;  ///< of more than one member, side by side
};

TEST(TorusLinks, GroupsFillSides) {
  for (const SpanCase& c : {SpanCase{"a whole side", cube({4, 4, 8}), {8, 1}, {{8, 1, true}}},
                            {"two whole sides", cube({4, 4, 8}), {16, 8}, {{4, 1, true}, {4, 1, true}}},
                            {"half a side is a line", cube({8, 8, 8}), {4, 1}, {{4, 1, false}}},
                            {"the rest of that side and both others",
                             cube({8, 8, 8}),
                             {128, 4},
                             {{2, 4, true}, {8, 1, true}, {8, 1, true}}},
                            {"all of it", cube({4, 4, 4}), {64, 1}, {{4, 1, true}, {4, 1, true}, {4, 1, true}}},
                            {"between two inner axes and an outer one", cube({16, 16, 1}), {4, 4}, {{4, 4, true}}},
                            {"part of a strided side", cube({16, 16, 1}), {2, 4}, {{2, 4, false}}},
                            {"a mesh has lines", mesh({2, 4, 1}), {8, 1}, {{2, 1, false}, {4, 1, false}}},
                            {"six of a side of four lie along a line", cube({4, 4, 4}), {6, 1}, {{6, 1, false}}}}) {
    std::vector<SideSpan> spans;
    for (const SideSpan& span : group_spans(c.group, c.slice)) {
      if (span.members > 1) spans.push_back(span);
    }
    ASSERT_EQ(spans.size(), c.spans.size()) << c.what;
    for (std::size_t i = 0; i < spans.size(); ++i) {
      EXPECT_EQ(spans[i].members, c.spans[i].members) << c.what;
      EXPECT_EQ(spans[i].stride, c.spans[i].stride) << c.what;
      EXPECT_EQ(spans[i].ring, c.spans[i].ring) << c.what;
    }
  }
}

Seconds transfer(const TorusLinks& links, Collective collective, const LocalGroup& group, Bytes buffer) {
  return (links.collective_time(collective, group, buffer) - links.collective_time(collective, group, Bytes{0})) *
         TorusLinks::kFraction;
}

struct TimeCase {
  const char* what;
  TorusSlice slice;
  Collective collective;
  LocalGroup group;
  double seconds;  ///< of 1 GB at 100 GB/s a link, both ways
};

// By hand: bytes over what the links of a member carry.
TEST(TorusLinks, CollectivesTakeTheTimeOfTheirLinks) {
  for (const TimeCase& c :
       {TimeCase{
            "all-gather round one ring: two links", cube({8, 8, 8}), Collective::kAllGather, {8, 1}, 0.875 * 10e-3 / 2},
        {"reduce-scatter over three rings: six links",
         cube({4, 4, 4}),
         Collective::kReduceScatter,
         {64, 1},
         63.0 / 64 * 10e-3 / 6},
        {"all-reduce passes twice", cube({16, 16, 1}), Collective::kAllReduce, {256, 1}, 2 * 255.0 / 256 * 10e-3 / 4},
        {"a line has one link at its ends", mesh({8, 1, 1}), Collective::kAllGather, {8, 1}, 0.875 * 10e-3},
        {"four groups share the links of a side",
         cube({16, 1, 1}),
         Collective::kAllGather,
         {4, 4},
         0.75 * 10e-3 / 2 * 4},
        {"all-to-all round a ring of 8: 2 hops on average, two ways",
         cube({8, 1, 1}),
         Collective::kAllToAll,
         {8, 1},
         10e-3},
        {"over a square of 8 it is the same: both sides at once",
         cube({8, 8, 1}),
         Collective::kAllToAll,
         {64, 1},
         10e-3},
        {"on a line the middle link carries 4 x 4 of the pairs",
         mesh({8, 1, 1}),
         Collective::kAllToAll,
         {8, 1},
         20e-3}}) {
    const TorusLinks links(c.slice, kLink);
    EXPECT_NEAR(transfer(links, c.collective, c.group, 1_GB).value() / c.seconds, 1.0, 1e-9) << c.what;
  }
}

TEST(TorusLinks, LatencyIsThatOfTheHops) {
  const TorusLinks links(cube({16, 16, 1}), kLink);
  const auto start = [&](Collective collective, LocalGroup group) {
    return (links.collective_time(collective, group, Bytes{0}) - TorusLinks::kStart) / TorusLinks::kHop;
  };
  EXPECT_NEAR(start(Collective::kAllGather, {256, 1}), 16, 1e-9);
  EXPECT_NEAR(start(Collective::kAllReduce, {256, 1}), 32, 1e-9);
  EXPECT_NEAR(start(Collective::kAllGather, {4, 1}), 3, 1e-9);
  EXPECT_EQ(links.collective_time(Collective::kAllReduce, {1, 1}, 1_GB), Seconds{});
}

TEST(TorusLinks, MessagesShareLinksWithTheOnesTheyPass) {
  const TorusLinks links(cube({8, 8, 8}), kLink);
  const auto hops = [&](int distance) {
    return (links.send_time(1_GB, distance) - links.send_time(Bytes{0}, distance)) * TorusLinks::kFraction /
           (1_GB / kLink);
  };
  EXPECT_NEAR(hops(1), 1, 1e-9);
  EXPECT_NEAR(hops(4), 4, 1e-9);
  EXPECT_NEAR(hops(6), 2, 1e-9) << "the other way round";
  EXPECT_NEAR(hops(8), 1, 1e-9) << "the next chip of the second side";
  EXPECT_NEAR(hops(64), 1, 1e-9);
}

// The flow simulation of the same torus, its traffic sprayed over all shortest ways, takes the same time.
TEST(TorusLinks, AllToAllAgreesWithTheFlowSimulation) {
  for (const std::array<int, 3> sides :
       {std::array<int, 3>{4, 1, 1}, {8, 1, 1}, {5, 1, 1}, {4, 4, 1}, {4, 8, 1}, {4, 4, 4}}) {
    const auto ranks = static_cast<std::uint32_t>(sides[0] * sides[1] * sides[2]);
    net::FabricSpec spec{.topology = "torus", .endpoints = ranks, .link = kLink, .hop_latency = Seconds{}};
    for (std::size_t i = 0; i < 3; ++i) spec.torus[i] = static_cast<std::uint32_t>(sides[i]);
    const auto topology = net::build_fabric(spec);
    net::Router router(*topology, {.routing = net::Routing::kSpray});
    const RoundPlan plan = *find_round_algorithm("direct")->plan(
        {.operation = Operation::kAllToAll, .ranks = ranks, .buffer = 1_GB, .inner = 1});
    std::vector<std::uint32_t> members(ranks);
    std::iota(members.begin(), members.end(), 0u);
    const PlacedPlan placed{&plan, members};
    const Seconds simulated = simulate_rounds(router, {&placed, 1}, {}).time;
    const TorusLinks links(cube(sides), kLink);
    const Seconds closed = transfer(links, Collective::kAllToAll, {static_cast<int>(ranks), 1}, 1_GB);
    EXPECT_NEAR(closed / simulated, 1.0, 1e-9) << sides[0] << "x" << sides[1] << "x" << sides[2];
  }
}

// An all-gather of two rings, half of the buffer each way round, is what the closed form counts on.
TEST(TorusLinks, AllGatherRoundARingAgreesWithTheFlowSimulation) {
  const net::FabricSpec spec{
      .topology = "torus", .endpoints = 8, .link = kLink, .hop_latency = Seconds{}, .torus = {8, 1, 1}};
  const auto topology = net::build_fabric(spec);
  net::Router router(*topology, {});
  const RoundPlan plan = *find_round_algorithm("bidirectional-ring")
                              ->plan({.operation = Operation::kAllGather, .ranks = 8, .buffer = 1_GB, .inner = 1});
  std::vector<std::uint32_t> members(8);
  std::iota(members.begin(), members.end(), 0u);
  const PlacedPlan placed{&plan, members};
  EXPECT_NEAR(transfer(TorusLinks(cube({8, 1, 1}), kLink), Collective::kAllGather, {8, 1}, 1_GB) /
                  simulate_rounds(router, {&placed, 1}, {}).time,
              1.0, 1e-9);
}

// No time is below what must enter a member over all of its links, and none shrinks as groups grow by the same bytes
// each.
TEST(TorusLinks, NothingIsFasterThanTheLinksOfAChip) {
  const RandomStream random(7, 0);
  for (std::uint64_t i = 0; i < 500; ++i) {
    const auto draw = [&](std::uint64_t bound, std::uint64_t which) {
      return static_cast<int>(random.below(bound, i, which));
    };
    const std::array<int, 3> sides{4 << draw(3, 0), 4 << draw(3, 1), 4 << draw(3, 2)};
    const TorusSlice slice = draw(2, 3) ? cube(sides) : mesh(sides);
    const int stride = 1 << draw(5, 4), ranks = 2 << draw(5, 5);
    if (stride * ranks > slice.chips()) continue;
    const TorusLinks links(slice, kLink);
    const Seconds time = links.collective_time(Collective::kAllGather, {ranks, stride}, 1_GB);
    EXPECT_GE(time, (1_GB * ((ranks - 1.0) / ranks)) / (kLink * 6.0));
    EXPECT_LE(links.collective_time(Collective::kAllGather, {ranks, stride}, Bytes{1e6}), time);
  }
}

}  // namespace
}  // namespace socle::comm
