#pragma once

#include <string>
#include <vector>

#include "socle/answer/validate/validate_collectives.hpp"
#include "socle/answer/validate/validate_runs.hpp"
#include "socle/answer/validate/validate_serving.hpp"
#include "socle/answer/validate/validate_training.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// Tables of at most 100 columns: overall first, then by group; what was not predicted, and why.
std::string validation_text(const answer::TrainingValidation& validation);
std::string validation_text(const answer::CollectiveValidation& validation);
std::string validation_text(const answer::ServingValidation& validation);
std::string validation_text(const answer::RunValidation& validation);

/// Schema `socle.validate/1`.
Json validation_json(const answer::TrainingValidation& validation, const std::vector<InputText>& inputs);
Json validation_json(const answer::CollectiveValidation& validation, const std::vector<InputText>& inputs);
Json validation_json(const answer::ServingValidation& validation, const std::vector<InputText>& inputs);
Json validation_json(const answer::RunValidation& validation, const std::vector<InputText>& inputs);

/// The rows as CSV, columns as the validation contract has them: one line per case and metric.
std::string validation_rows_csv(const std::vector<answer::ValidationRow>& rows);

}  // namespace socle::report
