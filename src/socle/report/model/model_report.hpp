#pragma once

#include <string>

#include "socle/answer/model/model_show.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// "671.0B parameters, 37.6B active, 61 layers": how every answer on a model opens.
std::string model_line(const model::Transformer& model);

std::string model_text(const answer::ModelShown& shown);
/// Document of the schema "socle.model/1".
Json model_json(const answer::ModelShown& shown, const std::vector<InputText>& inputs);

}  // namespace socle::report
