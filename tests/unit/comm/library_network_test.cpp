#include "socle/comm/library_network.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "socle/comm/algorithms/algorithms.hpp"
#include "socle/comm/expert_exchange.hpp"

namespace socle::comm {
namespace {

using graph::Collective;

// Links of 400 GB/s of bus bandwidth, 10 us.
class Links final : public ScaleUp {
 public:
  Seconds collective_time(Collective collective, const LocalGroup& group, Bytes buffer) const override {
    const int ranks = group.ranks;
    const double rounds = collective == Collective::kAllReduce ? 2 : 1;
    return buffer * (rounds * (ranks - 1) / ranks) / BytesPerSecond{400e9} + Seconds{1e-5};
  }
  Seconds send_time(Bytes message, int) const override { return message / BytesPerSecond{400e9} + Seconds{1e-5}; }
};

// One protocol, round figures: all of the NIC, hops of 5 us (ring), 7 us (tree), 1 us (inside).
catalog::CollectiveLibrary library(double exponent) {
  catalog::CollectiveLibrary l;
  l.nic_fraction = 1.0;
  l.overlap_exponent = exponent;
  l.start = Seconds{3e-6};
  l.expert_start = Seconds{40e-6};
  l.protocols = {{.name = "plain",
                  .bandwidth = 1.0,
                  .ring_hop = Seconds{5e-6},
                  .tree_hop = Seconds{7e-6},
                  .local_hop = Seconds{1e-6}}};
  return l;
}

const Links links;
constexpr LibraryLinks kSwitched{.nic_per_chip = BytesPerSecond{50e9}, .domain = 8, .adds_in_switch = true};
constexpr LibraryLinks kPlain{.nic_per_chip = BytesPerSecond{50e9}, .domain = 8, .adds_in_switch = false};

double bus_gb_s(const Network& network, Collective collective, int domains, Bytes buffer) {
  const int n = 8 * domains;
  const double rounds = collective == Collective::kAllReduce ? 2 : 1;
  return rounds * (n - 1) / n * (buffer / network.collective_time(collective, {n, 8, domains}, buffer)).value() / 1e9;
}

TEST(LibraryNetwork, SwitchTreeSendsTheBufferOnceBetweenTwoDomainsAndTwiceAmongMany) {
  for (const auto& [domains, buffers] : {std::pair{2, 1.0}, {3, 1.5}, {4, 2.0}, {512, 2.0}}) {
    const auto plan = switch_tree(Collective::kAllReduce, {8 * domains, 8, domains}, 8_GB);
    EXPECT_DOUBLE_EQ(plan->phases()[0].sent_per_chip.value(), buffers * 1e9) << domains;
  }
  EXPECT_FALSE(switch_tree(Collective::kAllGather, {16, 8, 2}, 8_GB));
}

TEST(LibraryNetwork, LargeRingsReachTheNicsOfANode) {
  // 8 x 50 GB/s; inside is as fast, and with a sharp overlap it does not add.
  const auto l = library(100);
  EXPECT_NEAR(bus_gb_s(LibraryNetwork(links, kPlain, l), Collective::kAllGather, 2, Bytes{1e13}), 400, 4);
}

TEST(LibraryNetwork, PhasesOfEqualLengthTakeTheRootOfTheirNumber) {
  // p = 2, all-gather on 2 x 8: T_out = 15/16 V / 8 / 50 GB/s = 15/16 V / 400 GB/s; T_in = 7/8 V / 400 GB/s.
  const auto l = library(2);
  const double v = 1e13;
  const double expected = std::hypot(15.0 / 16 * v / 400e9, 7.0 / 8 * v / 400e9);
  EXPECT_NEAR(LibraryNetwork(links, kPlain, l).collective_time(Collective::kAllGather, {16, 8, 2}, Bytes{v}).value(),
              expected, 1e-4 * expected);
}

TEST(LibraryNetwork, CountsEveryHopOfASmallMessage) {
  const auto l = library(4);
  const LibraryNetwork network(links, kPlain, l);
  // Ring all-gather 2 x 8: 10 us inside, d - 1 = 1 hop of 5 us, n - d - m + 1 = 7 further members of 1 us: 22 us.
  EXPECT_NEAR(network.collective_time(Collective::kAllGather, {16, 8, 2}, Bytes{1}).value(), 22e-6, 1e-9);
  // Tree all-reduce over 64 nodes: 10 us + 2 log2(64) x 7 us = 94 us; the ring has 126 hops across.
  EXPECT_NEAR(network.collective_time(Collective::kAllReduce, {512, 8, 64}, Bytes{1}).value(), 94e-6, 1e-9);
  // One member a node: no measured start inside, so the library's own.
  EXPECT_NEAR(network.collective_time(Collective::kAllGather, {2, 1, 2}, Bytes{1}).value(), 3e-6 + 5e-6, 1e-9);
}

TEST(LibraryNetwork, TakesTheFastestProtocol) {
  auto l = library(4);
  l.protocols.push_back({.name = "small",
                         .bandwidth = 0.5,
                         .ring_hop = Seconds{1e-6},
                         .tree_hop = Seconds{1e-6},
                         .local_hop = Seconds{0}});
  const LibraryNetwork network(links, kPlain, l);
  EXPECT_NEAR(network.send_time(Bytes{1}, 8).value(), 3e-6 + 1e-6, 1e-9);           // the small one starts sooner
  EXPECT_NEAR(network.send_time(Bytes{50e9}, 8).value(), 1.0 + 3e-6 + 5e-6, 1e-9);  // the plain one has the bandwidth
}

TEST(LibraryNetwork, OnlySwitchesThatAddExceedTheNicsOfTwoNodes) {
  const auto l = library(100);
  EXPECT_GT(bus_gb_s(LibraryNetwork(links, {BytesPerSecond{40e9}, 8, true}, l), Collective::kAllReduce, 2, Bytes{1e13}),
            330);
  EXPECT_LE(
      bus_gb_s(LibraryNetwork(links, {BytesPerSecond{40e9}, 8, false}, l), Collective::kAllReduce, 2, Bytes{1e13}),
      320);
}

TEST(LibraryNetwork, OneRankOrNothingTakesNoTimeAndOneDomainAsksItsLinks) {
  const auto l = library(4);
  const LibraryNetwork network(links, kSwitched, l);
  EXPECT_EQ(network.collective_time(Collective::kAllReduce, {1, 1, 1}, 1_GB), Seconds{});
  EXPECT_EQ(network.collective_time(Collective::kAllReduce, {16, 8, 2}, Bytes{}), Seconds{});
  EXPECT_EQ(network.collective_time(Collective::kAllReduce, {8, 8, 1}, 1_GB),
            links.collective_time(Collective::kAllReduce, {8, 1}, 1_GB));
}

TEST(ExpertExchange, PrintsTheLinkInsideADomainWithItsOwnShare) {
  // 8 ranks: 7 of 8 tokens leave; what is printed counts all of them.
  EXPECT_NEAR(expert_bandwidth({.ranks = 8, .link = BytesPerSecond{140e9}, .nic_per_chip = {}}, library(4)).value(),
              160e9, 1);
}

TEST(ExpertExchange, IsBoundByNicsWhenLinksAreFast) {
  // 4 nodes, tokens limited to 2 of them: N = 2, 2 x 3/4 = 1.5 copies leave: 2 / 1.5 x 50 GB/s printed.
  const ExpertExchange e{.ranks = 32,
                         .domains = 4,
                         .nodes_per_token_max = 2,
                         .link = BytesPerSecond{1e15},
                         .nic_per_chip = BytesPerSecond{50e9}};
  EXPECT_NEAR(expert_bandwidth(e, library(4)).value(), 2 / 1.5 * 50e9, 1e6);
}

TEST(ExpertExchange, LowLatencyKernelsSendEveryCopy) {
  // 2 nodes: half of 10 MB through 50 GB/s = 100 us, and 40 us of start; inside a domain no start of its own.
  const ExpertExchange across{
      .ranks = 16, .domains = 2, .link = BytesPerSecond{1e15}, .nic_per_chip = BytesPerSecond{50e9}};
  EXPECT_NEAR(expert_low_latency_time(across, Bytes{10e6}, library(4)).value(), 140e-6, 1e-9);
  const ExpertExchange inside{.ranks = 8, .link = BytesPerSecond{100e9}, .nic_per_chip = BytesPerSecond{50e9}};
  EXPECT_NEAR(expert_low_latency_time(inside, Bytes{8e6}, library(4)).value(), 70e-6, 1e-9);
}

}  // namespace
}  // namespace socle::comm
