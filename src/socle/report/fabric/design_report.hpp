#pragma once

#include <string>
#include <vector>

#include "socle/answer/fabric/design.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// Tables of at most 100 columns: what each fabric is built of, what it gives, what failures cost on the front, prices.
std::string design_text(const answer::DesignResult& result);
/// Schema `socle.fabric-design/1`.
Json design_json(const answer::DesignResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
