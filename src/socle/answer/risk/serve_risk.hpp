#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/answer/serve/simulate.hpp"
#include "socle/base/feasible.hpp"
#include "socle/catalog/failure_fleet.hpp"
#include "socle/reliability/replica_fleet.hpp"

namespace socle::answer {

/// What is asked beside the deployment. What is empty takes a default, which the answer states.
struct ServeRiskOptions {
  catalog::FailureFleet failures;
  std::int64_t zones = 1;
  std::optional<std::int64_t> spare_nodes;  ///< empty: another node is always found
  std::optional<std::int64_t> rack_nodes;
  double target = 0.999;  ///< of requests that are served
  bool target_stated = false;
  std::optional<Seconds> detect, reschedule, image, warm_up;
  std::optional<BytesPerSecond> load;  ///< of a node
};

/// The fleet with so many replicas.
struct FleetChoice {
  std::int64_t replicas = 0, chips = 0;
  reliability::FleetAvailability availability{};
  Seconds short_time_per_month{};
  double budget_used = 0;  ///< of the share of requests that may fail
  bool asked = false;      ///< as many as the scenario has
};

/// What goes with one part.
struct LostPart {
  std::string part;
  double replicas = 0, capacity_share = 0;  ///< of the fleet as asked
  bool carries = false;                     ///< what is left carries the load
};

/// N + 1 over zones.
struct ZoneChoice {
  std::int64_t zones = 1, replicas_each = 0, replicas = 0;
  double over = 0;  ///< installed beyond what is needed, as a share of it
  bool asked = false;
};

struct ServeRiskResult {
  ServeResult serving;
  ServeRiskOptions options;
  reliability::ReplicaFleet fleet;         ///< as asked
  double offered = 0, carried_by_one = 0;  ///< requests a second
  Seconds loading;
  std::vector<FleetChoice> choices;
  std::vector<LostPart> parts;
  std::vector<ZoneChoice> zones;
  std::vector<std::string> assumptions, doubts;

  const FleetChoice& asked() const;
  bool keeps_target() const { return asked().budget_used <= 1; }
};

/// Infeasible where the deployment does not fit or one replica keeps its objectives at no load. Throws InputError for
/// traffic without a rate or objectives.
Feasible<ServeRiskResult> serve_risk(ServeResult serving, ServeRiskOptions options);

}  // namespace socle::answer
