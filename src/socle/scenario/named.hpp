#pragma once

#include <map>
#include <string>

#include "socle/base/toml_reader.hpp"

namespace socle::scenario {

/// A name that a later step looks up, and where the user wrote it.
struct Named {
  std::string text;
  TomlPosition at;  ///< 0:0 = on the command line
  bool empty() const { return text.empty(); }
};

/// Flags by spelling, e.g. {"--tp", "8"}.
using Flags = std::map<std::string, std::string, std::less<>>;

}  // namespace socle::scenario
