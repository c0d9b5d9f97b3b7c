#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/csv.hpp"
#include "socle/base/money.hpp"
#include "socle/catalog/export_class.hpp"
#include "socle/migrate/platform.hpp"
#include "socle/migrate/serving/checkpoint.hpp"
#include "socle/migrate/serving/engine_facts.hpp"
#include "socle/setup/launch_reading.hpp"
#include "socle/setup/launch_record.hpp"
#include "socle/setup/serve_simulation_setup.hpp"

namespace socle::setup {

/// One way to store the weights on a target.
struct FormatChoice {
  model::ServingFormats formats;
  std::string quantization;  ///< value of --quantization there; empty: none
  std::string dtype{};       ///< value of --dtype there, where it has to be said; empty: as today
  std::string why;           ///< why they are not as they are today; empty: they stay
  bool new_weights = false;  ///< a checkpoint has to be made
  migrate::Known known;      ///< what the packs say of it
};

/// One side of a move: a chip, the engine that serves there, and the model on both.
struct MoveSide {
  catalog::Chip chip;
  std::optional<migrate::ServingHardware> hardware;  ///< empty: no pack has the chip
  migrate::Platform platform;                        ///< an empty key: none is known
  std::string engine;                                ///< family; empty: none is known there
  std::optional<ServeSimulationSetup> simulation;    ///< empty: nothing can be simulated, see `missing`
  std::string missing;
  std::vector<FormatChoice> formats;
  std::optional<Money> rent;  ///< of a chip and hour
  std::string rent_from;
  std::vector<catalog::ExportVerdict> exports;
};

/// A launch command and where it is moved to, every name looked up.
struct ServingMove {
  migrate::LaunchRecord record;
  std::vector<catalog::LaunchTable> tables;
  LaunchReading reading;
  migrate::EngineFacts facts;
  CsvTable environment;
  std::string day;  ///< of the export rules
  MoveSide from;
  std::vector<MoveSide> to;
  std::optional<migrate::Checkpoint> checkpoint;   ///< of a folder, where one was named
  int concurrency = 0;                             ///< requests under way at once on the source's replica
  std::function<RequestsSetup(int clients)> load;  ///< the same requests from so many clients
  std::vector<std::string> assumptions, doubts;

  const catalog::LaunchTable& table_of(const std::string& engine) const;
};

/// What is asked beside the command.
struct MoveQuestion {
  std::string launch_text, launch_name;
  scenario::Flags flags{};           ///< of the requests and the model, as `socle serve` has them
  std::string from;                  ///< chip
  std::vector<std::string> to;       ///< chips
  std::vector<std::string> rents{};  ///< of `from`, then of each of `to`; empty: quotes of the catalogue
  std::string day{};
  std::optional<std::string> own_facts{};  ///< rows of the user's packs, as CSV
  std::string own_facts_name{};
  std::optional<migrate::Checkpoint> checkpoint{};
  FileReader read_file{};
};

/// Requests under way when nobody says.
inline constexpr int kMoveConcurrency = 32;
inline constexpr int kMoveConcurrencyMax = 8192;  ///< so that a run sees every client several times

/// Throws InputError with every problem of the command, unknown chips, a chip twice, rents that are none, traffic that
/// is no closed loop.
ServingMove set_up_serving_move(const catalog::Catalog& catalog, const MoveQuestion& question);

}  // namespace socle::setup
