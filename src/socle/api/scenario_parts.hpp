#pragma once

#include "socle/api/scenario.hpp"

/// Internal to the scenario: its two readers.
namespace socle::api {

/// Fills `scenario` from TOML. Throws InputError with every problem of the text.
void read_scenario_file(std::string_view text, const std::string& source, Scenario& scenario);

/// Lays flags over `scenario` and adds what is wrong with them to `problems`.
void apply_scenario_flags(const ScenarioFlags& flags, Scenario& scenario, Problems& problems);

}  // namespace socle::api
