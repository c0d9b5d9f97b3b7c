#pragma once

#include <string>
#include <vector>

namespace socle::scenario {

/// Names that a scenario may use and later layers define: a scenario checks their spelling and looks nothing up.
struct Vocabulary {
  std::vector<std::string> topologies;
  std::vector<std::string> routings;
  std::vector<std::string> traffic;     ///< collectives and patterns
  std::vector<std::string> algorithms;  ///< of collectives
  std::vector<std::string> reaches;     ///< of cables
  std::vector<std::string> routers;     ///< of requests to replicas
  std::vector<std::string> orders;      ///< in which a scheduler admits requests
};

}  // namespace socle::scenario
