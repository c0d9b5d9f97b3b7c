#include "socle/reliability/replica_fleet.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"

namespace socle::reliability {
namespace {

/// Probabilities of 0, 1, ... successes, to where the rest does not matter.
std::vector<double> binomial(std::int64_t trials, double share) {
  std::vector<double> chances;
  const auto n = static_cast<double>(trials);
  double sum = 0;
  for (std::int64_t k = 0; k <= trials && sum < 1 - 1e-15; ++k) {
    const auto one = static_cast<double>(k);
    const double log = std::lgamma(n + 1) - std::lgamma(one + 1) - std::lgamma(n - one + 1) +
                       (k > 0 ? one * std::log(share) : 0.0) + (k < trials ? (n - one) * std::log1p(-share) : 0.0);
    chances.push_back(share > 0 ? std::exp(log) : k == 0 ? 1.0 : 0.0);
    sum += chances.back();
  }
  return chances;
}

double down_share(double odds) { return odds / (1 + odds); }

}  // namespace

FleetAvailability fleet_availability(const ReplicaFleet& fleet) {
  SOCLE_CHECK(fleet.replicas >= 1 && fleet.nodes >= 1, "a fleet has replicas on nodes");
  FleetAvailability found;
  found.replica_down = down_share(fleet.failures * fleet.restart);
  found.node_down = down_share(fleet.node_losses * fleet.repair);
  found.cut_requests = std::min(1.0, fleet.failures * fleet.request);
  const std::vector<double> restarting = binomial(fleet.replicas, found.replica_down);
  const std::vector<double> broken = binomial(fleet.nodes + fleet.spare_nodes, found.node_down);
  double enough = 0, short_capacity = 0, up_mean = 0, sum = 0;
  for (std::size_t nodes = 0; nodes < broken.size(); ++nodes) {
    const auto beyond =
        static_cast<double>(std::max<std::int64_t>(0, static_cast<std::int64_t>(nodes) - fleet.spare_nodes));
    const double lost = std::ceil(beyond * std::max(fleet.replicas_of_node, 1.0) - 1e-9);
    for (std::size_t down = 0; down < restarting.size(); ++down) {
      const double chance = broken[nodes] * restarting[down];
      const double up = std::max(0.0, static_cast<double>(fleet.replicas) - lost - static_cast<double>(down));
      const auto needed = static_cast<double>(fleet.needed);
      sum += chance;
      if (up >= needed) enough += chance;
      short_capacity += chance * std::max(0.0, needed - up) / needed;
      up_mean += chance * up;
    }
  }
  found.enough = enough / sum;
  found.short_capacity = short_capacity / sum;
  found.replicas_up = up_mean / sum;
  return found;
}

double zone_share(std::int64_t zones) {
  SOCLE_CHECK(zones >= 1, "a fleet lies in a zone");
  return static_cast<double>(zones - 1) / static_cast<double>(zones);
}

std::int64_t replicas_of_zone(std::int64_t needed, std::int64_t zones) {
  SOCLE_CHECK(zones >= 1, "a fleet lies in a zone");
  return zones == 1 ? needed : (needed + zones - 2) / (zones - 1);
}

}  // namespace socle::reliability
