#pragma once

#include <string>
#include <vector>

#include "socle/answer/train/train_result.hpp"
#include "socle/base/feasible.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// For people: at most 100 columns.
std::string train_text(const answer::TrainResult& result);
/// Schema `socle.train/1`.
Json train_json(const answer::TrainResult& result, const std::vector<InputText>& inputs);

/// Why no layout fits, and the nearest change: the answer to `socle train` then.
std::string infeasible_text(const Infeasible& why);
Json infeasible_json(const Infeasible& why, const std::vector<InputText>& inputs);

}  // namespace socle::report
