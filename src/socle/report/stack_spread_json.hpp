#pragma once

#include "socle/base/json.hpp"
#include "socle/search/stack_spread.hpp"

namespace socle::report {

/// The plausible stacks of a job that states none, the fastest first, and the middle one, on which the answer stands.
Json stack_spread_json(const search::StackSpread& spread);

}  // namespace socle::report
