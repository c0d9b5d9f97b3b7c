#include "socle/comm/flow_network.hpp"

#include <cmath>
#include <map>
#include <numeric>

#include <gtest/gtest.h>

#include "socle/comm/algorithms/algorithms.hpp"
#include "socle/net/scale_up_domains.hpp"

namespace socle::comm {
namespace {

using graph::Collective;

// The closed form reads sent_per_chip and steps of a phase, the simulation its messages: both must be the same bytes.
TEST(FlowNetwork, ClosedFormAndSimulationReadTheSameBytes) {
  for (const AlgorithmEntry& entry : algorithms()) {
    for (const Collective collective :
         {Collective::kAllReduce, Collective::kAllGather, Collective::kReduceScatter, Collective::kAllToAll}) {
      for (const int domains : {4, 8, 16}) {
        for (const int per_domain : {1, 8}) {
          const Footprint group{
              .ranks = domains * per_domain, .per_domain = per_domain, .domains = domains, .stride = 1};
          const auto plan = entry.plan(collective, group, Bytes{1e9});
          if (!plan) continue;
          for (const Phase& phase : plan->phases()) {
            if (!phase.scale_out) continue;
            std::map<std::uint32_t, double> sent;
            const double rounds = phase.pattern == Pattern::kRing ? phase.steps : 1.0;
            for (const Transfer& t :
                 pattern_transfers(phase.pattern, group, static_cast<std::uint32_t>(group.ranks), phase.message))
              sent[t.from] += t.bytes.value() * rounds;
            double most = 0;
            for (const auto& [rank, bytes] : sent) most = std::max(most, bytes);
            EXPECT_NEAR(most / phase.sent_per_chip.value(), 1.0, 1e-9)
                << entry.name << " d " << domains << " m " << per_domain;
            EXPECT_EQ(sent.size(), static_cast<std::size_t>(group.ranks)) << entry.name;
          }
        }
      }
    }
  }
}

/// A domain that takes no time.
class FreeLinks final : public ScaleUp {
 public:
  Seconds collective_time(Collective, const LocalGroup&, Bytes) const override { return {}; }
  Seconds send_time(Bytes, int) const override { return {}; }
};

std::unique_ptr<FlowNetwork> network_on(const net::FabricSpec& spec, const ScaleUp& links,
                                        net::RoutingOptions routing) {
  PlacedFabric fabric{.topology = net::build_fabric(spec),
                      .routing = routing,
                      .failed = {},
                      .jobs = {},
                      .software_latency = {},
                      .nic = spec.link};
  fabric.jobs.emplace_back(spec.endpoints);
  std::iota(fabric.jobs[0].begin(), fabric.jobs[0].end(), 0u);
  return std::make_unique<FlowNetwork>(links, 8, std::move(fabric));
}

TEST(FlowNetwork, EqualsClosedFormsOnAFabricThatSharesNothing) {
  const FreeLinks links;
  const net::FabricSpec spec{.topology = "rail-optimized",
                             .endpoints = 512,
                             .rails = 8,
                             .radix = 64,
                             .hop_latency = Seconds{},
                             .scale_up_domain = 8,
                             .scale_up = BytesPerSecond{450e9}};
  const auto flows = network_on(spec, links, {.routing = net::Routing::kSpray});
  const ClosedFormNetwork closed(links, {.bandwidth_per_chip = spec.link, .latency = Seconds{}, .domain = 8});
  for (const Collective collective :
       {Collective::kAllReduce, Collective::kAllGather, Collective::kReduceScatter, Collective::kAllToAll}) {
    for (const auto& [ranks, stride] : {std::pair{64, 8}, {64, 1}, {512, 1}, {16, 32}}) {
      const Footprint group = footprint(ranks, stride, 8);
      EXPECT_NEAR(
          flows->collective_time(collective, group, Bytes{1e9}) / closed.collective_time(collective, group, Bytes{1e9}),
          1.0, 1e-6)
          << ranks << " " << stride;
    }
  }
  EXPECT_NEAR(flows->send_time(Bytes{1e9}, 64) / closed.send_time(Bytes{1e9}, 64), 1.0, 1e-9);
}

// Leaves with three downlinks for each uplink: rings that all leave their leaf take three times as long.
TEST(FlowNetwork, SharedUplinksSlowWhatLeavesTheLeafOnly) {
  const FreeLinks links;
  const net::FabricSpec spec{.topology = "fat-tree",
                             .endpoints = 192,
                             .rails = 8,
                             .radix = 32,
                             .hop_latency = Seconds{},
                             .oversubscription = 3.0,
                             .tiers = 2};
  const auto flows = network_on(spec, links, {.routing = net::Routing::kSpray});
  flows->collective_time(Collective::kAllGather, footprint(8, 24, 8),
                         Bytes{1e9});  // a leaf has 24 places: every ring leaves
  flows->collective_time(Collective::kAllGather, footprint(3, 8, 8), Bytes{1e9});  // three hosts of one leaf
  const auto uses = flows->uses();
  ASSERT_EQ(uses.size(), 2u);
  EXPECT_NEAR(uses[0].cost.slowdown, 1.0, 1e-9);
  EXPECT_NEAR(uses[1].cost.slowdown, 3.0, 1e-9);
}

}  // namespace
}  // namespace socle::comm
