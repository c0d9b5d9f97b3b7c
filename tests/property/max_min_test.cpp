#include "socle/net/max_min.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "socle/base/random.hpp"

namespace socle::net {
namespace {

constexpr double kTolerance = 1e-9;

/// A random network: links with capacities 1 to 10, flows over one to six of them, some weighted, some capped.
struct RandomNetwork {
  RandomStream random;
  std::uint64_t draw = 0;
  std::uint32_t links;
  MaxMin rates;
  std::vector<double> cap, weight;

  explicit RandomNetwork(std::uint32_t seed)
      : random(seed, 1), links(2 + static_cast<std::uint32_t>(random.below(20, 0, 0))), rates(capacities()) {
    const std::uint64_t flows = 1 + random.below(40, 0, 1);
    for (std::uint64_t f = 0; f < flows; ++f) add_flow();
  }
  double uniform() { return random.uniform(7, draw++); }
  std::uint64_t below(std::uint64_t bound) { return random.below(bound, 7, draw++); }
  std::vector<double> capacities() {
    std::vector<double> all;
    for (std::uint32_t i = 0; i < links; ++i)
      all.push_back(below(3) == 0 ? 1.0 + static_cast<double>(below(3)) : 1.0 + 9.0 * uniform());
    return all;
  }
  void add_flow() {
    std::vector<LinkId> path;
    std::vector<double> shares;
    const std::uint64_t hops = 1 + below(6);
    for (std::uint64_t h = 0; h < hops; ++h) {
      const auto link = static_cast<LinkId>(below(links));
      if (std::find(path.begin(), path.end(), link) == path.end()) path.push_back(link);
    }
    const bool spread = below(4) == 0;
    for (std::size_t i = 0; spread && i < path.size(); ++i) shares.push_back(0.1 + 0.9 * uniform());
    weight.push_back(below(3) == 0 ? 0.5 + 3.0 * uniform() : 1.0);
    cap.push_back(below(4) == 0 ? 0.05 + uniform() : MaxMin::kNoCap);
    rates.add(path, shares, weight.back(), cap.back());
  }
};

/// The definition, not the algorithm: no link is overfull, and every running flow is at its cap or has a saturated link
/// on which no flow has a higher rate for its weight.
void expect_max_min_fair(const RandomNetwork& net) {
  std::vector<double> used(net.links, 0.0), fastest(net.links, 0.0);
  for (FlowId f = 0; f < net.rates.flows(); ++f) {
    if (!net.rates.runs(f)) continue;
    const auto path = net.rates.links_of(f);
    for (std::size_t h = 0; h < path.size(); ++h) {
      used[path[h]] += net.rates.rate(f) * net.rates.share(f, h);
      fastest[path[h]] = std::max(fastest[path[h]], net.rates.rate(f) / net.weight[f]);
    }
  }
  for (std::uint32_t link = 0; link < net.links; ++link)
    ASSERT_LE(used[link], net.rates.capacity(link) * (1 + kTolerance));
  for (FlowId f = 0; f < net.rates.flows(); ++f) {
    if (!net.rates.runs(f)) {
      ASSERT_EQ(net.rates.rate(f), 0.0);
      continue;
    }
    const double level = net.rates.rate(f) / net.weight[f];
    bool bounded = net.rates.rate(f) >= net.cap[f] * (1 - kTolerance);
    ASSERT_LE(net.rates.rate(f), net.cap[f] * (1 + kTolerance));
    for (const LinkId link : net.rates.links_of(f)) {
      bounded = bounded || (used[link] >= net.rates.capacity(link) * (1 - kTolerance) &&
                            level >= fastest[link] * (1 - kTolerance));
    }
    ASSERT_TRUE(bounded) << "flow " << f << " could be faster";
  }
}

TEST(MaxMin, EveryFlowHasABottleneckOnThousandsOfRandomNetworks) {
  for (std::uint32_t seed = 0; seed < 4000; ++seed) {
    SCOPED_TRACE(seed);
    RandomNetwork net(seed);
    for (FlowId f = 0; f < net.rates.flows(); ++f) net.rates.start(f);
    net.rates.solve();
    expect_max_min_fair(net);
    if (HasFatalFailure()) return;
  }
}

// Flows come and go, links change: after each change the incremental rates are those of a solver that sees the same
// network for the first time.
TEST(MaxMin, IncrementalEqualsFullSolution) {
  for (std::uint32_t seed = 0; seed < 1000; ++seed) {
    SCOPED_TRACE(seed);
    RandomNetwork net(seed), fresh(seed);
    for (int step = 0; step < 30; ++step) {
      for (std::uint64_t change = 0; change <= net.below(4); ++change) {
        const auto f = static_cast<FlowId>(net.below(net.rates.flows()));
        if (net.below(10) == 0) {
          net.rates.set_capacity(static_cast<LinkId>(net.below(net.links)),
                                 net.below(5) == 0 ? 0.0 : 1.0 + 9.0 * net.uniform());
        } else if (net.rates.runs(f)) {
          net.rates.stop(f);
        } else {
          net.rates.start(f);
        }
      }
      net.rates.solve();
      expect_max_min_fair(net);
      if (HasFatalFailure()) return;
      RandomNetwork full(seed);
      for (LinkId link = 0; link < net.links; ++link) full.rates.set_capacity(link, net.rates.capacity(link));
      for (FlowId f = 0; f < net.rates.flows(); ++f) {
        if (net.rates.runs(f)) full.rates.start(f);
      }
      full.rates.solve();
      for (FlowId f = 0; f < net.rates.flows(); ++f)
        ASSERT_NEAR(net.rates.rate(f), full.rates.rate(f), kTolerance * (1 + full.rates.rate(f)))
            << "flow " << f << " step " << step;
    }
  }
}

// What a network's rates are does not depend on how its flows and links are numbered, and scales with capacity.
TEST(MaxMin, RelabellingChangesNothingAndScalingScales) {
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    RandomNetwork net(seed);
    std::vector<double> doubled, reversed;
    for (LinkId link = 0; link < net.links; ++link) doubled.push_back(2 * net.rates.capacity(link));
    for (LinkId link = net.links; link-- > 0;) reversed.push_back(net.rates.capacity(link));
    MaxMin twice(doubled), backwards(reversed);
    const auto flows = static_cast<FlowId>(net.rates.flows());
    for (FlowId f = 0; f < flows; ++f) {
      const auto path = net.rates.links_of(f);
      std::vector<double> shares;
      for (std::size_t h = 0; h < path.size(); ++h) shares.push_back(net.rates.share(f, h));
      twice.add(path, shares, net.weight[f], 2 * net.cap[f]);
    }
    for (FlowId f = flows; f-- > 0;) {
      const auto path = net.rates.links_of(f);
      std::vector<LinkId> other;
      std::vector<double> shares;
      for (std::size_t h = path.size(); h-- > 0;)
        other.push_back(net.links - 1 - path[h]), shares.push_back(net.rates.share(f, h));
      backwards.add(other, shares, net.weight[f], net.cap[f]);
    }
    for (FlowId f = 0; f < flows; ++f) net.rates.start(f), twice.start(f), backwards.start(f);
    net.rates.solve(), twice.solve(), backwards.solve();
    for (FlowId f = 0; f < flows; ++f) {
      ASSERT_NEAR(twice.rate(f), 2 * net.rates.rate(f), kTolerance * (1 + net.rates.rate(f)));
      ASSERT_NEAR(backwards.rate(flows - 1 - f), net.rates.rate(f), kTolerance * (1 + net.rates.rate(f)));
    }
  }
}

// A new flow may speed another one up, but the slowest flow never gains.
TEST(MaxMin, TheSlowestRateNeverRisesWhenAFlowIsAdded) {
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    RandomNetwork net(seed);
    double slowest = 1e300;
    for (FlowId f = 0; f < net.rates.flows(); ++f) {
      net.rates.start(f);
      net.rates.solve();
      double now = 1e300;
      for (FlowId g = 0; g <= f; ++g) now = std::min(now, net.rates.rate(g) / net.weight[g]);
      ASSERT_LE(now, slowest * (1 + kTolerance));
      slowest = now;
    }
  }
}

}  // namespace
}  // namespace socle::net
