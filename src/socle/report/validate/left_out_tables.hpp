#pragma once

#include <string>
#include <vector>

#include "socle/answer/validate/leave_out.hpp"
#include "socle/base/json.hpp"

namespace socle::report {

/// What happens to the errors when things are left out whole: one line a kind, then a table a kind by what was left
/// out. `today`: the error of the rows as they are. Empty without rows.
std::string left_out_text(const std::vector<answer::LeftOutBoard>& boards, const answer::ErrorSummary& today);
Json left_out_json(const std::vector<answer::LeftOutBoard>& boards);

}  // namespace socle::report
