#pragma once

#include <string>
#include <vector>

#include "socle/base/json.hpp"
#include "socle/comm/flow_network.hpp"

namespace socle::report {

/// Step time of the same layout when its nodes stand otherwise.
struct PlacementRow {
  std::string placement, order;
  Seconds step{};
};

/// What the flow simulation found for a job.
struct FlowReport {
  std::string fabric, routing;                     ///< one line each
  std::vector<comm::FlowNetwork::Use> uses;        ///< every pattern, with its slowdown by shared links
  Seconds step{}, closed_form_step{};
  std::vector<PlacementRow> placements;            ///< empty unless compared
  std::vector<std::string> assumptions;
};

std::string flow_text(const FlowReport& report);
Json flow_json(const FlowReport& report);

}  // namespace socle::report
