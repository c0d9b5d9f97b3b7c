#pragma once

#include <string>

#include "socle/api/catalog.hpp"
#include "socle/api/serve.hpp"
#include "support/ask.hpp"

/// `socle serve` in one line, without latency against load.
namespace socle::test {

/// Flags with others over them.
inline Flags with(Flags flags, const Flags& more) {
  for (const auto& [flag, value] : more) flags[flag] = value;
  return flags;
}

inline answer::ServeResult served_by(const Flags& flags) {
  return api::serve(api::load_catalog(""), request_of({.scenario = {}, .flags = flags}), {.curve = false}).result;
}

/// What is wrong with the flags; empty: nothing is.
inline std::string problem_of_serving(const Flags& flags) {
  try {
    served_by(flags);
  } catch (const InputError& error) { return error.what(); }
  return {};
}

}  // namespace socle::test
