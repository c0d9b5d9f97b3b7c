#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "socle/migrate/training/emit.hpp"
#include "socle/migrate/training/framework.hpp"
#include "socle/migrate/training/read_launch.hpp"
#include "socle/migrate/training/requirements.hpp"
#include "socle/migrate/training/scenario_text.hpp"
#include "socle/migrate/translation.hpp"

namespace socle::answer {

/// What `socle migrate training` asks.
struct TrainingQuestion {
  std::vector<migrate::JobText> texts;     ///< the launch, and files of settings that belong to it
  std::vector<std::string> to;             ///< platforms, chips or nodes: "ascend", "ascend-910c", "atlas-800t-a3"
  std::string framework{};                 ///< of the target; empty: the platform's usual one
  std::string from{};                      ///< of the source; empty: guessed
  int launch = 0;                          ///< which of several; 0: the first
  std::vector<std::string> emit{};         ///< names of formats
  std::optional<int> nodes{}, per_node{};  ///< of the target, instead of what the launch says
  std::string scenario{};                  ///< file of the scenario; empty: none
  std::string rules{}, rules_name{};       ///< rows of the user's rules; an empty name: none
};

/// Something that somebody has to decide.
struct TrainingBlocker {
  int line = 0;  ///< of the launch; 0: of no line
  std::string item;
  migrate::Change change = migrate::Change::kUnknown;
  std::string why;
};

/// The job on one target.
struct TrainingTarget {
  std::string asked;  ///< as the user named it
  migrate::Platform platform;
  std::string chip, node;  ///< slugs; empty: not named, or none in the catalogue
  migrate::Framework framework;
  migrate::JobRecord record;  ///< the launch there
  std::vector<migrate::Translated> items;
  std::vector<TrainingBlocker> blockers;
  std::array<std::size_t, 11> counts{};  ///< by Change
  double coverage = 0;                   ///< share of what was read that is known to go on there
  migrate::Decision decision = migrate::Decision::kGo;
  double hours = 0;
  migrate::Effort effort = migrate::Effort::kNone;
  migrate::Evidence evidence = migrate::Evidence::kE4;  ///< the least of what was used
  std::vector<migrate::LaunchFile> files;

  std::size_t of(migrate::Change change) const { return counts[static_cast<std::size_t>(change)]; }
};

struct TrainingMigration {
  migrate::JobRecord record;  ///< as read
  migrate::Framework from;
  migrate::TrainingNeeds needs;
  std::vector<TrainingTarget> targets;
  std::optional<migrate::ScenarioText> scenario;  ///< of the first target
  std::string arguments_dated, rules_dated;
};

/// Hours of work that are assumed for what a translation leaves.
inline constexpr double kHoursPerNoEquivalent = 4, kHoursPerCorrectness = 4, kHoursPerUnknownItem = 0.5,
                        kHoursPerPerformance = 0.5, kHoursPerLook = 0.1;
inline constexpr double kTrainingCoverageLeast = 0.5;  ///< below it the answer is no-go

/// A few searches, nothing parsed.
inline bool is_training_launch(std::string_view text) { return migrate::is_training_launch(text); }

/// Reads, translates, judges and writes. Nothing of the input is executed. Throws InputError with every problem.
TrainingMigration training_migration(const catalog::Catalog& catalog, const TrainingQuestion& question);

}  // namespace socle::answer
