#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/report/provenance.hpp"
#include "socle/scenario/scenario.hpp"
#include "socle/setup/fabric_setup.hpp"
#include "socle/setup/launch_reading.hpp"
#include "socle/setup/requests_setup.hpp"

namespace socle::api {

/// A question as the user put it.
struct Request {
  std::string scenario_text{};
  std::string scenario_name{};  ///< file name, for messages; empty = flags only
  scenario::Flags flags{};      ///< by spelling, e.g. {"--tp", "8"}; what a flag sets overrides the file
  /// The launch command of an engine that says what the scenario and the flags leave out; for `serve` and its fit.
  std::string launch_text{};
  std::string launch_name{};  ///< its file, or "--from", for messages; empty = there is none
  /// Reads what the scenario names, such as `model.config`; may throw InputError.
  setup::FileReader read_file{};
  /// Opens what is read in pieces, such as `requests.trace`; may throw InputError.
  setup::FileOpener open_file{};
};

/// A typed result with what it was made from. A face takes the fields, or renders them with `text` and `json` beside.
template <typename Result>
struct Answer {
  Result result;
  std::vector<report::InputText> inputs{};       ///< names and hashes, for provenance
  std::optional<setup::LaunchReading> launch{};  ///< what was taken from a launch command, if one was given
};

/// Names and hashes of what a request was made from: the scenario, its flags and the config.json. What else it read and
/// what is laid over the built-in catalogue is added beside.
std::vector<report::InputText> inputs_of(const Request& request, const scenario::Scenario& scenario,
                                         const std::optional<std::string>& config);

/// A reader that notes every file it reads as an input. Requires: `inputs` outlives it.
setup::FileReader noting(const setup::FileReader& read_file, std::vector<report::InputText>& inputs);

/// The user's part of a catalogue as an input; nothing when there is none.
void add_own_catalog(const catalog::Catalog& catalog, std::vector<report::InputText>& inputs);

/// One line per flag, in the order of their names.
std::string text_of(const scenario::Flags& flags);

}  // namespace socle::api
