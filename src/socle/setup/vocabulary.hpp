#pragma once

#include <string>
#include <string_view>

#include "socle/scenario/scenario.hpp"

namespace socle::setup {

/// The names that registries of the library define.
scenario::Vocabulary vocabulary();

/// scenario::read_scenario with that vocabulary.
scenario::Scenario read_scenario(std::string_view text, const std::string& source, const scenario::Flags& flags,
                                 scenario::Question question);

}  // namespace socle::setup
