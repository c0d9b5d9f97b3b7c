#pragma once

#include <string>
#include <vector>

#include "socle/answer/serve/simulate.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string serve_text(const answer::ServeResult& result);
/// Document of the schema "socle.serve/1".
Json serve_json(const answer::ServeResult& result, const std::vector<InputText>& inputs);

/// Latency against offered load, with the load that keeps to the objectives marked; a note where there is no curve.
std::string load_svg(const answer::ServeResult& result);
/// Requests that wait and run, and the cache in use, over time.
std::string time_svg(const answer::ServeResult& result);

/// One line for each request that came, in that order; of those that were turned away, why.
std::string requests_csv(const answer::ServeResult& result);

/// Steps of every replica, its queue and its cache as a trace of Chrome's format. Requires: result.timeline.
std::string serve_timeline_trace(const answer::ServeResult& result);

}  // namespace socle::report
