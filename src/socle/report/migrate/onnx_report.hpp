#pragma once

#include <string>
#include <vector>

#include "socle/answer/migrate/onnx_migration.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string onnx_text(const answer::OnnxResult& result);
Json onnx_json(const answer::OnnxResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
