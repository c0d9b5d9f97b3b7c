#pragma once

#include "cli/args.hpp"
#include "socle/api/fabric_scenario.hpp"
#include "socle/api/face.hpp"
#include "socle/api/scenario_flags.hpp"

namespace socle::cli {

/// A path that a scenario names, relative to the scenario's own folder.
inline std::string beside(const std::string& scenario, const std::string& path) {
  const std::size_t slash = scenario.rfind('/');
  return path.starts_with('/') || slash == std::string::npos ? path : scenario.substr(0, slash + 1) + path;
}

/// Fills what every command on a scenario shares: the file's text and name, the flags, and how to read files beside it.
template <typename Request>
void read_scenario_arguments(const Arguments& arguments, Request& request) {
  if (!arguments.words.empty()) {
    request.scenario_name = arguments.words.front();
    if (request.scenario_name.empty()) throw InputError(Problem{{}, 0, 0, {}, "the name of the scenario is empty; name a file, or leave it out and give flags"});
    request.scenario_text = read_file(request.scenario_name);
  }
  for (const api::ScenarioFlag& flag : api::scenario_flags()) {
    if (const auto value = arguments.value(flag.name)) request.flags[flag.name] = *value;
  }
  for (const api::FabricFlag& flag : api::fabric_flags()) {
    if (const auto value = arguments.value(flag.flag)) request.flags[flag.flag] = *value;
  }
  request.read_file = [scenario = request.scenario_name](const std::string& path) { return read_file(beside(scenario, path)); };
}

}  // namespace socle::cli
