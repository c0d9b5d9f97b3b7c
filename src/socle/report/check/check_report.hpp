#pragma once

#include <string>

#include "socle/answer/check/check.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string check_text(const answer::CheckResult& result);
/// Schema `socle.check/1`.
Json check_json(const answer::CheckResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
