#pragma once

#include "socle/base/json.hpp"
#include "socle/workload/layout.hpp"

namespace socle::report {

/// Every key, under the names that a scenario's [layout] takes.
Json layout_json(const workload::Layout& layout);

}  // namespace socle::report
