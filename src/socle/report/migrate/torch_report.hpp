#pragma once

#include <string>
#include <vector>

#include "socle/answer/migrate/torch_migration.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string torch_text(const answer::TorchResult& result);
/// Document of the schema "socle.migrate.torch/1".
Json torch_json(const answer::TorchResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
