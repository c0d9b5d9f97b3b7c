#pragma once

#include <string>
#include <vector>

#include "socle/answer/serve/serve_calibrate.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string serve_calibrate_text(const answer::ServeCalibration& result);
/// Document of the schema "socle.serve.calibrate/1".
Json serve_calibrate_json(const answer::ServeCalibration& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
