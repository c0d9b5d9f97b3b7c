#pragma once

#include <optional>
#include <utility>

#include "socle/base/error.hpp"
#include "socle/scenario/scenario.hpp"

namespace socle::setup {

/// What `look` finds. Its problems are gathered and told at the place where the user wrote the name.
template <typename Look>
auto at_place(const scenario::Scenario& scenario, const scenario::Named& name, const char* key, Problems& problems,
              Look&& look) -> std::optional<decltype(look())> {
  try {
    return look();
  } catch (const InputError& error) {
    for (Problem problem : error.problems()) {
      const bool placed = !problem.file.empty() || problem.line > 0;
      if (!placed && name.at.line > 0) {
        problem.file = scenario.source;
        problem.line = name.at.line;
        problem.column = name.at.column;
      }
      if (problem.key.empty()) problem.key = key;
      problems.add(std::move(problem));
    }
    return std::nullopt;
  }
}

}  // namespace socle::setup
