#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/catalog/incident.hpp"
#include "socle/reliability/rollout.hpp"

namespace socle::answer {

/// The site that changes go through: failure domains inside each other.
struct Site {
  std::int64_t nodes = 0, chips_per_node = 8;
  std::int64_t rack_nodes = 0, row_racks = 0;  ///< 0: not stated
  std::int64_t zones = 1, regions = 1;         ///< zones of one region
};

/// What is asked of a rollout. What is empty takes a default, which the answer states.
struct RolloutOptions {
  std::vector<double> stages;  ///< shares of the fleet; empty: planned
  std::optional<Seconds> bake, detect, rollback;
  std::optional<double> visible;
  std::optional<Seconds> exposed_most;  ///< share-time, for the planner
  Site site;
  std::optional<std::int64_t> units, at_once;  ///< of a rolling upgrade
  std::optional<Seconds> wave, stop, deadline;
  std::optional<std::int64_t> tasks;  ///< that restart together
  std::optional<Bytes> task_bytes;
  std::optional<BytesPerSecond> store_rate;
  std::optional<Seconds> within;
};

/// A plan with its name: "at once", "as asked", "planned".
struct NamedPlan {
  std::string name;
  reliability::RolloutPlan plan;
};

/// What one failure or one change takes.
struct BlastRow {
  std::string what;
  bool change = false;  ///< a change channel, which cuts across the domains
  double chips = 0, share = 0;
  std::optional<double> staged_share;  ///< of a change, when it goes out in stages
};

struct UpgradeOutcome {
  reliability::RollingUpgrade upgrade{};
  std::int64_t units = 0, at_once = 0;
  Seconds wave;
  std::optional<Seconds> stopped{};  ///< of a job that each wave stops
  std::optional<bool> in_time{};
};

struct StampedeOutcome {
  std::int64_t tasks = 0;
  Bytes bytes{};
  Seconds all_at_once{};                   ///< at the store's rate
  std::optional<BytesPerSecond> needed{};  ///< for `within`
  std::optional<std::int64_t> admitted{};  ///< at a time, so that each ends within it
};

struct RolloutResult {
  RolloutOptions options;
  std::vector<NamedPlan> plans;  ///< the last is the one that was asked or planned
  std::vector<BlastRow> blast;   ///< empty without a site
  std::optional<UpgradeOutcome> upgrade;
  std::optional<StampedeOutcome> stampede;
  std::vector<std::string> assumptions;
};

/// What `socle risk rollout` asks.
RolloutResult rollout(RolloutOptions options);

/// The user's set-up, on which public outages are replayed.
struct IncidentOptions {
  std::int64_t zones = 1, regions = 1;
  std::vector<std::string> controls;  ///< that are held, by name
  double first_stage = 0.01;          ///< of staged-config
  std::optional<Seconds> detect, rollback;
  std::optional<Money> lost_hour;  ///< of the whole fleet
  double target = 0.999;           ///< of a month
};

struct ReplayedIncident {
  catalog::Incident incident;
  double reach = 0;                            ///< share of the fleet that it takes without any control
  std::optional<Seconds> lost{};               ///< share x time without any control; empty: its length is not public
  std::optional<Seconds> kept_lost{};          ///< with those that are held
  std::optional<Seconds> best_lost{};          ///< with all that stop or ease it
  std::vector<std::string> held{}, missing{};  ///< of the controls that would have mattered
  std::optional<double> budgets{};             ///< monthly error budgets that the second takes
  std::optional<Money> money{};                ///< of the second
};

struct IncidentResult {
  IncidentOptions options;
  std::vector<ReplayedIncident> incidents;
  std::vector<std::string> assumptions;
};

/// What `socle risk incident` asks. Requires: controls that exist.
IncidentResult replay_incidents(std::vector<catalog::Incident> incidents, IncidentOptions options);

}  // namespace socle::answer
