#pragma once

#include <string>
#include <utility>

#include "socle/base/error.hpp"
#include "socle/scenario/scenario.hpp"

namespace socle::setup {

/// What is wrong with a key of a scenario once its names are looked up, e.g. "fabric.hosts".
inline InputError refusal(const scenario::Scenario& scenario, const char* key, std::string message) {
  return InputError(Problem{scenario.source, 0, 0, key, std::move(message)});
}

}  // namespace socle::setup
