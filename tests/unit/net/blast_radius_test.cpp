#include "socle/net/blast_radius.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "socle/net/half_flow.hpp"
#include "socle/net/topologies/topologies.hpp"

namespace socle::net {
namespace {

Blast blast_of(const FabricSpec& spec, const std::string& element) {
  const auto blasts = blast_radius(spec);
  EXPECT_TRUE(blasts);
  const auto found = std::find_if(blasts->begin(), blasts->end(), [&](const Blast& b) { return b.element == element; });
  if (found != blasts->end()) return *found;
  ADD_FAILURE() << "no " << element;
  return {};
}

// 32 endpoints in 8 hosts of 4; leaves of 4 down and 4 up, so 8 leaves and 4 spines of 8 ports.
const FabricSpec kTwoTiers{.topology = "fat-tree", .endpoints = 32, .rails = 4, .radix = 8, .tiers = 2};

TEST(BlastRadius, ALeafCutsItsHosts) {
  const Blast leaf = blast_of(kTwoTiers, "leaf");
  EXPECT_EQ(leaf.count, 8u);
  EXPECT_EQ(leaf.endpoints_cut, 4u);
  EXPECT_EQ(leaf.hosts_cut, 1u);
  // Each half has four leaves; one of them is gone, so a quarter of what one half can send.
  EXPECT_DOUBLE_EQ(leaf.bandwidth_lost, 0.25);
}

TEST(BlastRadius, ASpineCostsItsShareOfTheBisectionAndCutsNobody) {
  const Blast spine = blast_of(kTwoTiers, "spine");
  EXPECT_EQ(spine.hosts_cut, 0u);
  EXPECT_EQ(spine.hosts_hurt, 0u);
  EXPECT_DOUBLE_EQ(spine.bandwidth_lost, 1.0 / 4);
  // One of the 16 uplinks of a half.
  EXPECT_DOUBLE_EQ(blast_of(kTwoTiers, "cable leaf-spine").bandwidth_lost, 1.0 / 16);
}

TEST(BlastRadius, ANicIsOneEndpoint) {
  const Blast nic = blast_of(kTwoTiers, "NIC");
  EXPECT_EQ(nic.endpoints_cut, 1u);
  EXPECT_EQ(nic.hosts_cut, 0u);
  EXPECT_EQ(nic.hosts_hurt, 1u);
  EXPECT_DOUBLE_EQ(nic.bandwidth_lost, 1.0 / 16);
}

TEST(BlastRadius, ALeafOfARailHurtsManyHostsAndCutsNone) {
  FabricSpec spec = kTwoTiers;
  spec.topology = "rail-optimized";
  const Blast leaf = blast_of(spec, "leaf");
  EXPECT_EQ(leaf.endpoints_cut, 4u);
  EXPECT_EQ(leaf.hosts_cut, 0u);
  EXPECT_EQ(leaf.hosts_hurt, 4u);
}

TEST(BlastRadius, APlaneCostsOneOverPlanesAndCutsNobody) {
  const FabricSpec spec{.topology = "multi-plane", .endpoints = 32, .rails = 4, .radix = 8, .planes = 4};
  const Blast plane = blast_of(spec, "plane");
  EXPECT_EQ(plane.count, 4u);
  EXPECT_FALSE(plane.single_part);
  EXPECT_EQ(plane.endpoints_cut, 0u);
  EXPECT_EQ(plane.hosts_hurt, 8u);
  EXPECT_DOUBLE_EQ(plane.bandwidth_lost, 0.25);
}

TEST(BlastRadius, ARailOfItsOwnTakesOneNicOfEveryHost) {
  FabricSpec spec = kTwoTiers;
  spec.topology = "rail-only";
  const Blast rail = blast_of(spec, "rail");
  EXPECT_EQ(rail.endpoints_cut, 8u);
  EXPECT_EQ(rail.hosts_cut, 0u);
  EXPECT_DOUBLE_EQ(rail.bandwidth_lost, 0.25);
}

TEST(BlastRadius, APodCutsItsHosts) {
  // Three tiers of 8 ports: pods of 4 leaves with 4 endpoints, so 16 endpoints and 4 hosts; 64 endpoints are 4 pods.
  const FabricSpec spec{.topology = "fat-tree", .endpoints = 64, .rails = 4, .radix = 8, .tiers = 3};
  const Blast pod = blast_of(spec, "pod");
  EXPECT_EQ(pod.count, 4u);
  EXPECT_EQ(pod.hosts_cut, 4u);
  EXPECT_DOUBLE_EQ(pod.bandwidth_lost, 0.5);
  EXPECT_FALSE(pod.single_part);
}

TEST(BlastRadius, EveryTopologyHasSharesBetweenZeroAndOne) {
  for (const FabricSpec& spec : {FabricSpec{.topology = "dragonfly", .endpoints = 72, .rails = 4, .radix = 8},
                                 FabricSpec{.topology = "dragonfly+", .endpoints = 48, .rails = 4, .radix = 8},
                                 FabricSpec{.topology = "slim-fly", .endpoints = 100, .rails = 4, .radix = 16},
                                 FabricSpec{.topology = "torus", .endpoints = 64, .rails = 4}}) {
    const auto blasts = blast_radius(spec);
    ASSERT_TRUE(blasts) << spec.topology;
    for (const Blast& blast : *blasts) {
      EXPECT_GE(blast.bandwidth_lost, 0.0) << spec.topology << " " << blast.element;
      EXPECT_LE(blast.bandwidth_lost, 1.0) << spec.topology << " " << blast.element;
      EXPECT_LE(blast.hosts_cut * spec.rails, blast.endpoints_cut) << spec.topology << " " << blast.element;
    }
    const double survives = survivability(*blasts, spec.endpoints / spec.rails);
    EXPECT_GT(survives, 0.0);
    EXPECT_LT(survives, 1.0);
  }
}

TEST(BlastRadius, SurvivabilityIsTheWorstSinglePart) {
  // The leaf: 7 of 8 hosts stay, with three quarters of the bandwidth.
  EXPECT_DOUBLE_EQ(survivability(*blast_radius(kTwoTiers), 8), 7.0 / 8 * 0.75);
}

TEST(HalfFlow, IsTheOversubscribedShareOfTheInjection) {
  // Leaves of 6 down and 2 up: 24 endpoints a half inject 24 links, 4 leaves give 8 uplinks.
  const FabricSpec spec{.topology = "fat-tree", .endpoints = 48, .radix = 8, .oversubscription = 3.0, .tiers = 2};
  const auto built = find_topology(spec.topology)->build(spec);
  const Router router(*built, {});
  EXPECT_DOUBLE_EQ(half_flow(router, 24) / spec.link, 8.0);
}

}  // namespace
}  // namespace socle::net
