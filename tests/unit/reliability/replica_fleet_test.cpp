#include "socle/reliability/replica_fleet.hpp"

#include <gtest/gtest.h>

namespace socle::reliability {
namespace {

ReplicaFleet fleet_of(std::int64_t replicas, std::int64_t needed) {
  ReplicaFleet fleet;
  fleet.replicas = replicas;
  fleet.needed = needed;
  fleet.nodes = replicas;
  fleet.spare_nodes = replicas;  // another is always found
  fleet.failures = 1.0 / Seconds{99 * 3600.0};
  fleet.restart = Seconds{3600};  // 1 % of the time
  return fleet;
}

TEST(FleetAvailability, IsTheBinomialOfRestartsByHand) {
  // Two of three: 0.99^3 + 3 x 0.01 x 0.99^2.
  const FleetAvailability found = fleet_availability(fleet_of(3, 2));
  EXPECT_NEAR(found.replica_down, 0.01, 1e-12);
  EXPECT_NEAR(found.enough, 0.970299 + 0.029403, 1e-12);
  // One short with 3 x 0.99 x 0.01^2 (half of the load), two with 0.01^3.
  EXPECT_NEAR(found.short_capacity, 0.000297 * 0.5 + 0.000001, 1e-12);
  EXPECT_NEAR(found.replicas_up, 2.97, 1e-12);
}

TEST(FleetAvailability, NeverFallsWithReplicasAndSpares) {
  double enough = 0, failed = 1;
  for (std::int64_t replicas = 4; replicas < 9; ++replicas) {
    const FleetAvailability found = fleet_availability(fleet_of(replicas, 4));
    EXPECT_GE(found.enough, enough);
    EXPECT_LE(found.failed(), failed);
    enough = found.enough;
    failed = found.failed();
  }
  enough = 0;
  for (std::int64_t spares = 0; spares < 5; ++spares) {
    ReplicaFleet fleet = fleet_of(6, 5);
    fleet.spare_nodes = spares;
    fleet.node_losses = 1.0 / Seconds{1000 * 3600.0};
    fleet.repair = Seconds{50 * 3600.0};
    EXPECT_GT(fleet_availability(fleet).enough, enough);
    enough = fleet_availability(fleet).enough;
  }
}

TEST(FleetAvailability, ANodeTakesItsReplicasAlong) {
  // One node of two replicas, down a tenth of the time: 1 - 0.1 both up.
  ReplicaFleet fleet;
  fleet.replicas = 2;
  fleet.needed = 2;
  fleet.replicas_of_node = 2;
  fleet.node_losses = 1.0 / Seconds{9};
  fleet.repair = Seconds{1};
  EXPECT_NEAR(fleet_availability(fleet).enough, 0.9, 1e-12);
  EXPECT_NEAR(fleet_availability(fleet).short_capacity, 0.1, 1e-12);
}

TEST(Zones, NPlusOneOverZones) {
  EXPECT_EQ(zone_share(1), 0);
  EXPECT_NEAR(zone_share(3), 2.0 / 3, 1e-12);
  EXPECT_EQ(replicas_of_zone(7, 1), 7);
  EXPECT_EQ(replicas_of_zone(7, 2), 7);
  EXPECT_EQ(replicas_of_zone(7, 3), 4);  // 8 are left of 12
  EXPECT_EQ(replicas_of_zone(7, 8), 1);
}

}  // namespace
}  // namespace socle::reliability
