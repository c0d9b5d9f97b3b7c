#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/answer/migrate/ratio.hpp"
#include "socle/answer/serve/serve_figures.hpp"
#include "socle/base/progress.hpp"
#include "socle/catalog/serving_timing.hpp"
#include "socle/machine/machine_builder.hpp"
#include "socle/migrate/serving/launch_translation.hpp"
#include "socle/migrate/serving/serving_needs.hpp"
#include "socle/setup/serving_move.hpp"

namespace socle::answer {

/// Replicas that serve the source's requests: as many chips as the source has, or one replica where that needs more.
struct MovedFleet {
  workload::ServingLayout layout;
  model::ServingFormats formats;
  std::size_t choice = 0;  ///< of the side's formats
  int replicas = 1, chips = 0;
  int clients = 0;  ///< requests under way at once on each replica
  Bytes weights_per_chip{};
  double cache_tokens = 0;  ///< of one replica
  ServeFigures figures;     ///< of one replica
  catalog::TimingRange ttft, tpot;
  bool measured = false;  ///< the engine's times were fitted on runs on this chip
  std::optional<Money> per_million_output;

  double output_per_second() const { return replicas * figures.per_second(figures.output_tokens); }
  double output_per_chip() const { return output_per_second() / chips; }
};

/// Something that stands in the way, or that somebody has to decide.
struct Blocker {
  std::string what;  ///< "--kv-transfer-config", "model", "weights"
  int line = 0;      ///< of the command; 0: of none
  std::string why;
  bool stops = false;  ///< no-go by itself
  bool item = false;   ///< of a word of the command, which its translation shows
};

/// One target's answer.
struct ServingVerdict {
  migrate::Decision decision = migrate::Decision::kGo;
  std::optional<migrate::ModelSupport> model;  ///< empty: no row speaks of it
  std::vector<migrate::NeedVerdict> needs;
  migrate::TranslatedLaunch launch;  ///< empty where nothing fits
  std::optional<MovedFleet> fleet;   ///< the one chosen
  std::vector<MovedFleet> others;    ///< the best in every other format
  std::optional<Ratio> speed;        ///< output tokens a second and chip
  std::optional<Ratio> token_time;   ///< mean TPOT
  int chips_for_same = 0;            ///< that keep up with the source's output; whole replicas; 0: not known
  std::vector<Blocker> blockers;
  double hours = 0;
  migrate::Effort effort = migrate::Effort::kNone;
  migrate::Evidence evidence = migrate::Evidence::kE1;

  /// Share of what the command needs that is known to hold there, of its items that go over.
  double needs_share() const;
  double items_share() const;
};

/// What `socle migrate serving` answers.
struct ServingMigration {
  setup::ServingMove move;
  std::optional<MovedFleet> source;  ///< as launched; empty where that does not fit
  std::string source_problem;
  std::vector<ServingVerdict> targets;  ///< as `move.to`
  std::vector<std::string> assumptions{}, doubts{};
};

// Assumptions of effort, hours of somebody who knows both sides.
inline constexpr double kHoursPerEngine = 4;       ///< another engine or platform: image, start, first answers
inline constexpr double kHoursPerCheckpoint = 8;   ///< weights in another format
inline constexpr double kHoursPerAccuracy = 8;     ///< their accuracy against today's
inline constexpr double kHoursPerLostItem = 2;     ///< an item without an equivalent
inline constexpr double kHoursPerUnknown = 0.5;    ///< an item or need that has to be looked up
inline constexpr double kHoursPerMissingNeed = 8;  ///< a feature that is asked for and the target lacks
inline constexpr double kBytesLeast = 0.9;         ///< of the shape's weights that files of a checkpoint hold
inline constexpr double kSlowerAtMost = 1.2;       ///< TPOT of a chosen layout against the source's, where one keeps it
inline constexpr double kNearFastest = 1.1;        ///< else against the fastest token

/// Plans the model anew on each target and translates the command. Throws InputError, Cancelled.
ServingMigration serving_migration(const machine::MachineBuilder& machines, setup::ServingMove move,
                                   Progress* progress = nullptr);

/// The best fleet of a side in each of its formats. Empty where nothing fits. `chips`: of the source.
std::vector<MovedFleet> fleets_on(const machine::MachineBuilder& machines, const setup::ServingMove& move,
                                  const setup::MoveSide& side, int chips, std::optional<Seconds> token_time);
/// The source as launched. Requires: it fits.
MovedFleet fleet_as_launched(const machine::MachineBuilder& machines, const setup::ServingMove& move);

}  // namespace socle::answer
