#pragma once

#include <cstdint>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/failure_fleet.hpp"

namespace socle::reliability {

/// Replicas that serve requests, as failures see them. Requires: replicas and chips at least 1, times not negative.
struct ReplicaFleet {
  std::int64_t replicas = 1;  ///< installed
  std::int64_t needed = 1;    ///< that carry the load within the objectives
  std::int64_t nodes = 1;     ///< of all replicas
  std::int64_t spare_nodes = 0;
  double replicas_of_node = 1;     ///< that go down with one node; below 1: one replica spans several
  catalog::PerSecond failures;     ///< of one replica
  catalog::PerSecond node_losses;  ///< of one node, those that take it away
  Seconds restart;                 ///< of a replica, from its failure to its first request
  Seconds repair;                  ///< of a node, mean
  Seconds request;                 ///< that a request takes, mean
};

struct FleetAvailability {
  double replica_down = 0;    ///< share of the time that one replica restarts
  double node_down = 0;       ///< that one node is under repair
  double enough = 1;          ///< share of the time with `needed` replicas up
  double short_capacity = 0;  ///< mean share of the load that finds no replica
  double cut_requests = 0;    ///< share of requests whose replica fails under them
  double replicas_up = 0;     ///< mean
  double failed() const { return short_capacity + cut_requests; }
};

/// Restarts are independent of each other; nodes under repair beyond the spares take their replicas along. The two
/// numbers down are added as independent binomials: exact where both are small beside the fleet.
FleetAvailability fleet_availability(const ReplicaFleet& fleet);

/// Share of what is installed that carries the load when one of `zones` zones is lost: (zones - 1) / zones. Zero for
/// one.
double zone_share(std::int64_t zones);
/// Replicas in each of `zones` zones so that `needed` are left when one zone is lost; `needed` itself for one zone,
/// which protects from nothing.
std::int64_t replicas_of_zone(std::int64_t needed, std::int64_t zones);

}  // namespace socle::reliability
