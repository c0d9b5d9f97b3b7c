#include "socle/catalog/cluster.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle::catalog {
namespace {

std::string error_of(std::string_view node, int nodes, const ClusterOverrides& overrides = {}) {
  try {
    make_cluster(Catalog(), node, nodes, overrides);
  } catch (const InputError& error) { return error.what(); }
  return {};
}

TEST(Cluster, SharesTheNicsOfANodeAmongItsChips) {
  const Cluster cluster = make_cluster(Catalog(), "hgx-h100", 2048);
  EXPECT_EQ(cluster.chips(), 16384);
  // 8 NICs of 400 Gb/s for 8 chips: 50 GB/s each.
  EXPECT_EQ(cluster.nic_bandwidth_per_chip, BytesPerSecond{50e9});
  EXPECT_EQ(cluster.scale_up_domain, 8);
  EXPECT_EQ(cluster.scale_up_bandwidth, BytesPerSecond{450e9});
  EXPECT_TRUE(cluster.assumptions.empty());
  // 4 NICs of 100 Gb/s for 8 chips: 6.25 GB/s each.
  EXPECT_EQ(make_cluster(Catalog(), "dgx-1v", 2).nic_bandwidth_per_chip, BytesPerSecond{6.25e9});
}

TEST(Cluster, AScaleUpDomainMaySpanNodesButNotTheCluster) {
  EXPECT_EQ(make_cluster(Catalog(), "gb200-nvl72-tray", 36).scale_up_domain, 72);
  EXPECT_EQ(make_cluster(Catalog(), "gb200-nvl72-tray", 2).scale_up_domain, 8);
}

TEST(Cluster, SaysWhichFactIsMissingAndHowToSupplyIt) {
  const std::string text = error_of("k100-ai-8", 4);
  EXPECT_NE(text.find("NIC bandwidth"), std::string::npos) << text;
  EXPECT_NE(text.find("--catalog DIR"), std::string::npos) << text;
  ClusterOverrides overrides;
  overrides.nic_per_chip = BytesPerSecond{25e9};
  overrides.scale_up_bandwidth = BytesPerSecond{32e9};
  EXPECT_EQ(error_of("k100-ai-8", 4, overrides), "");
  EXPECT_EQ(make_cluster(Catalog(), "k100-ai-8", 4, overrides).assumptions.size(), 2u);
}

TEST(Cluster, RefusesCountsThatMakeNoSense) {
  for (int nodes : {0, -1, 2'000'000'000}) EXPECT_NE(error_of("hgx-h100", nodes), "") << nodes;
  ClusterOverrides overrides;
  overrides.oversubscription = 0.5;
  EXPECT_NE(error_of("hgx-h100", 2, overrides), "");
}

}  // namespace
}  // namespace socle::catalog
