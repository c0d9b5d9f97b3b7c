#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/scenario/vocabulary.hpp"

namespace socle::scenario {

/// Questions for which there is a template: "train", "plan", "fabric".
const std::vector<std::string>& template_names();

/// A scenario that runs as it stands and shows every other key of its sections behind a #, with what it accepts. Throws
/// InputError for an unknown name.
std::string scenario_template(std::string_view name, const Vocabulary& vocabulary);

}  // namespace socle::scenario
