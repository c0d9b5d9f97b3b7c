#pragma once

#include <string>
#include <vector>

#include "socle/answer/validate/layout_order.hpp"
#include "socle/base/json.hpp"

namespace socle::report {

/// Which layout would be picked, and whether the order is right: by source and overall, then the jobs of most regret.
/// Empty without jobs.
std::string order_text(const std::vector<answer::JobOrder>& orders);
Json order_json(const std::vector<answer::JobOrder>& orders);

}  // namespace socle::report
