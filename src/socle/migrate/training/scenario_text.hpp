#pragma once

#include <string>
#include <vector>

#include "socle/migrate/training/requirements.hpp"

namespace socle::migrate {

/// A training job as a scenario of Socle: the file, and the config.json that it names.
struct ScenarioText {
  std::string job;     ///< all but the layout, which is searched without the other part
  std::string layout;  ///< [layout] as launched
  std::string config;
  std::vector<std::string> notes{};  ///< what a scenario does not say, a sentence each

  std::string toml() const { return job + layout; }
};

/// A place for the job: a node of the catalogue and how many chips it has.
struct ScenarioNode {
  std::string slug;
  int chips = 0;
};

/// `config_name` is the file beside the scenario. Requires: a record in Megatron's words.
/// Throws InputError with all that is missing: sizes of the model, chips.
ScenarioText scenario_text(const JobRecord& record, const ScenarioNode& node, const std::string& config_name);

}  // namespace socle::migrate
