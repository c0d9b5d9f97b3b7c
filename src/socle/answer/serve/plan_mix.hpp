#pragma once

#include <optional>
#include <span>
#include <vector>

namespace socle::answer {

/// A kind of replica that a fleet may have.
struct MixOption {
  std::size_t stock = 0;  ///< index of the chips it is made of
  int chips = 1;          ///< of one replica
  double capacity = 0;    ///< requests a second that one carries
  double cost = 0;        ///< of one
};

/// So many replicas of each option.
struct FleetMix {
  std::vector<int> replicas;
  double cost = 0;
};

/// The fleet of lowest cost that carries a rate and takes no more chips than there are, with `spare` replicas more of
/// each kind that it has. Empty: none carries it. Exact, by branch and bound over whole replicas; of equal costs the
/// one with more of the earlier options. Requires: capacities and costs are positive, every stock index is within
/// `stock`.
std::optional<FleetMix> cheapest_mix(std::span<const MixOption> options, std::span<const int> stock, double rate,
                                     int spare);

}  // namespace socle::answer
