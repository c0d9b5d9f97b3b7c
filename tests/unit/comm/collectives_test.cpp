#include "socle/comm/collectives.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "socle/comm/algorithms/algorithms.hpp"

namespace socle::comm {
namespace {

using graph::Collective;

constexpr Collective kAll[] = {Collective::kAllReduce, Collective::kAllGather, Collective::kReduceScatter,
                               Collective::kAllToAll};

// Links of 400 GB/s and 1 us: ring collectives inside the domain.
class Links final : public ScaleUp {
 public:
  Seconds collective_time(Collective collective, const LocalGroup& group, Bytes buffer) const override {
    const int ranks = group.ranks;
    const double rounds = collective == Collective::kAllReduce ? 2 : 1;
    return buffer * (rounds * (ranks - 1) / ranks) / BytesPerSecond{400e9} + Seconds{1e-6};
  }
  Seconds send_time(Bytes message, int) const override { return message / BytesPerSecond{400e9} + Seconds{1e-6}; }
};

// NICs of 50 GB/s and 10 us a message, 8 chips a domain.
const Links links;
const ClosedFormNetwork network(links,
                                ScaleOut{
                                    .bandwidth_per_chip = BytesPerSecond{50e9}, .latency = Seconds{1e-5}, .domain = 8});

Footprint spread(int per_domain, int domains) { return {per_domain * domains, per_domain, domains}; }

struct FootprintCase {
  const char* what;
  int ranks, stride, domain;
  int per_domain, domains;
};

TEST(Footprint, CountsNeighboursThatShareADomain) {
  for (const FootprintCase& c : {FootprintCase{"tp 8 fills a node of 8", 8, 1, 8, 8, 1},
                                 {"tp 4 takes half a node", 4, 1, 8, 4, 1},
                                 {"dp 16 beside tp 8: one member a node", 16, 8, 8, 1, 16},
                                 {"dp 16 beside tp 4: two members a node", 16, 4, 8, 2, 8},
                                 {"dp 16 beside tp 1", 16, 1, 8, 8, 2},
                                 {"a stride wider than the domain", 4, 16, 8, 1, 4},
                                 {"ep 64 inside 72 chips", 64, 1, 72, 64, 1},
                                 {"ep 128 over domains of 72 shares 64 at most evenly", 128, 1, 72, 64, 2},
                                 {"6 ranks over domains of 4 share 3", 6, 1, 4, 3, 2},
                                 {"3 chips apart, two of 8 share", 8, 3, 8, 2, 4},
                                 {"5 ranks over domains of 4 are sure of nothing", 5, 1, 4, 1, 5},
                                 {"one rank", 1, 1, 8, 1, 1}}) {
    const Footprint f = footprint(c.ranks, c.stride, c.domain);
    EXPECT_EQ(f.per_domain, c.per_domain) << c.what;
    EXPECT_EQ(f.domains, c.domains) << c.what;
    EXPECT_EQ(f.ranks, f.per_domain * f.domains) << c.what;
  }
}

// What arrives at one rank: as much as leaves its NIC share (every plan is symmetric), and inside the domain what a
// collective of m ranks brings: (m - 1) / m of the buffer, twice for all-reduce.
double arriving(const TransferPlan& plan) {
  double bytes = 0;
  for (const Phase& phase : plan.phases()) {
    if (phase.scale_out) {
      bytes += phase.sent_per_chip.value();
    } else {
      const double rounds = phase.collective == Collective::kAllReduce ? 2 : 1;
      bytes += rounds * phase.buffer.value() * (phase.ranks - 1) / phase.ranks;
    }
  }
  return bytes;
}

TEST(Algorithms, BringEachRankWhatTheCollectiveOwesItAndHardlyMore) {
  // Each rank lacks (n - 1) / n of the buffer, twice for all-reduce; no plan moves more than the whole.
  for (const AlgorithmEntry& entry : algorithms()) {
    int carried = 0;
    for (const Collective collective : kAll) {
      for (const int m : {1, 2, 8, 64}) {
        for (const int d : {2, 3, 16, 1024}) {
          const auto plan = entry.plan(collective, spread(m, d), 1_GB);
          if (!plan) continue;
          ++carried;
          const double rounds = collective == Collective::kAllReduce ? 2 : 1;
          const double n = m * d;
          EXPECT_GE(arriving(*plan), rounds * 1e9 * (n - 1) / n * (1 - 1e-12)) << entry.name << ' ' << m << " x " << d;
          EXPECT_LE(arriving(*plan), rounds * 1e9 * (1 + 1e-12)) << entry.name << ' ' << m << " x " << d;
          EXPECT_EQ(plan->algorithm(), entry.name);
        }
      }
    }
    EXPECT_GT(carried, 0) << entry.name;
  }
}

TEST(Algorithms, ScaleWithTheBuffer) {
  for (const AlgorithmEntry& entry : algorithms()) {
    for (const Collective collective : kAll) {
      const auto one = entry.plan(collective, spread(4, 8), 1_GB);
      const auto three = entry.plan(collective, spread(4, 8), 3_GB);
      ASSERT_EQ(one.has_value(), three.has_value());
      if (!one) continue;
      EXPECT_DOUBLE_EQ(arriving(*three), 3 * arriving(*one)) << entry.name;
      for (std::size_t i = 0; i < one->phases().size(); ++i)
        EXPECT_DOUBLE_EQ(one->phases()[i].steps, three->phases()[i].steps);
    }
  }
}

TEST(Algorithms, HaveDistinctNamesAndALineOfHelp) {
  std::set<std::string_view> names;
  for (const AlgorithmEntry& entry : algorithms()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_GE(entry.help.size(), 20u) << entry.name;
    EXPECT_TRUE(entry.help.ends_with('.')) << entry.name;
  }
}

TEST(Algorithms, CarryEveryCollectiveAcrossDomains) {
  for (const Collective collective : kAll) {
    for (const int m : {1, 8}) EXPECT_FALSE(transfer_plans(collective, spread(m, 4), 1_GB).empty());
  }
}

TEST(Ring, EachRankSendsTwiceThePayloadLessTwoShares) {
  // 4 ranks on 4 nodes, 8 GB: each sends 2 x 3/4 x 8 = 12 GB in 2 x 3 messages.
  const auto plan = ring(Collective::kAllReduce, spread(1, 4), 8_GB);
  EXPECT_DOUBLE_EQ(plan->phases()[0].sent_per_chip.value(), 12e9);
  EXPECT_DOUBLE_EQ(plan->phases()[0].steps, 6);
}

TEST(ClosedForm, AllReduceOfALargeBufferTakesTheRing) {
  // 4 nodes, 1 GB: ring 2 x 3/4 x 1 GB / 50 GB/s + 6 x 10 us = 30.06 ms; trees 2 GB / 50 GB/s = 40 ms.
  EXPECT_NEAR(network.collective_time(Collective::kAllReduce, spread(1, 4), 1_GB).value(), 0.03006, 1e-12);
}

TEST(ClosedForm, AllReduceOfASmallBufferTakesTheTrees) {
  // 64 nodes, 1 kB: 2 log2(64) = 12 messages of 10 us + 2 kB / 50 GB/s = 120.04 us; a ring takes 126 messages.
  EXPECT_NEAR(network.collective_time(Collective::kAllReduce, spread(1, 64), Bytes{1e3}).value(), 120.04e-6, 1e-12);
}

TEST(ClosedForm, NodesOfEightChipsReduceInsideFirst) {
  // 4 x 8, 8 GB: hierarchical sends 2 x 3/4 x 8 / 8 = 1.5 GB a NIC: 30 ms + 60 us; inside 2 x 7/8 x 8 GB / 400 GB/s =
  // 35 ms + 1 us. The phases are pipelined: the slower counts.
  EXPECT_NEAR(network.collective_time(Collective::kAllReduce, spread(8, 4), 8_GB).value(), 0.035001, 1e-12);
}

TEST(ClosedForm, AllToAllSendsToOtherDomainsThroughItsOwnNic) {
  // 2 x 8, 16 MB a rank: 8/16 leaves: 8 MB / 50 GB/s + 10 us = 170 us.
  EXPECT_NEAR(network.collective_time(Collective::kAllToAll, spread(8, 2), Bytes{16e6}).value(), 170e-6, 1e-12);
}

TEST(ClosedForm, RingPassesOneShareAtATime) {
  // 4 ranks across nodes, 1 GB gathered: 3 messages of 250 MB at 50 GB/s, 10 us each; inside a node at 400 GB/s, 1 us.
  EXPECT_NEAR(network.collective_time(Collective::kRing, spread(1, 4), 1_GB).value(), 3 * (0.005 + 1e-5), 1e-12);
  EXPECT_NEAR(network.collective_time(Collective::kRing, spread(4, 1), 1_GB).value(), 3 * (0.000625 + 1e-6), 1e-12);
}

TEST(ClosedForm, OneRankOrNothingToSendTakesNoTime) {
  for (const Collective collective : kAll) {
    EXPECT_EQ(network.collective_time(collective, spread(1, 1), 1_GB), Seconds{});
    EXPECT_EQ(network.collective_time(collective, spread(8, 4), Bytes{}), Seconds{});
  }
}

TEST(ClosedForm, AMessageLeavesTheDomainWhenItsTargetDoes) {
  EXPECT_NEAR(network.send_time(1_GB, 7).value(), 0.0025 + 1e-6, 1e-12);
  EXPECT_NEAR(network.send_time(1_GB, 8).value(), 0.02 + 1e-5, 1e-12);
}

TEST(ClosedForm, TimeGrowsWithBytesAndWithDomains) {
  for (const Collective collective : kAll) {
    for (const int m : {1, 2, 8}) {
      for (int d = 2; d <= 2048; d *= 2) {
        for (double bytes = 1e3; bytes <= 1e10; bytes *= 10) {
          const Seconds time = network.collective_time(collective, spread(m, d), Bytes{bytes});
          EXPECT_GT(network.collective_time(collective, spread(m, d), Bytes{2 * bytes}), time)
              << m << ' ' << d << ' ' << bytes;
          EXPECT_GE(network.collective_time(collective, spread(m, 2 * d), Bytes{bytes}), time)
              << m << ' ' << d << ' ' << bytes;
        }
      }
    }
  }
}

}  // namespace
}  // namespace socle::comm
