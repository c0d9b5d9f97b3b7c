#pragma once

#include <string>
#include <vector>

#include "socle/answer/fabric/simulate.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// For people: at most 100 columns.
std::string simulate_text(const answer::SimulateResult& result);
/// Schema `socle.fabric/1`.
Json simulate_json(const answer::SimulateResult& result, const std::vector<InputText>& inputs);
/// One line a message: group, round, from, to, bytes, start_s, duration_s, rate.
std::string flows_csv(const answer::SimulateResult& result);
/// One line a link: from, to, bandwidth, bytes, utilisation.
std::string links_csv(const answer::SimulateResult& result);
/// Chrome trace; Perfetto opens it. A row for each sender.
std::string flows_trace(const answer::SimulateResult& result);
/// The network, links coloured by utilisation.
std::string network_svg(const answer::SimulateResult& result);
/// Bus bandwidth against message size. Requires: several sizes.
std::string sizes_svg(const answer::SimulateResult& result);

}  // namespace socle::report
