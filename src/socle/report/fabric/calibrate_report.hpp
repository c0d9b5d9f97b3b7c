#pragma once

#include <string>
#include <vector>

#include "socle/answer/fabric/calibrate.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// A table of at most 100 columns.
std::string calibrate_text(const answer::CalibrateResult& result);
/// Schema `socle.fabric.calibrate/1`.
Json calibrate_json(const answer::CalibrateResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
