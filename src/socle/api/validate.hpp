#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "socle/answer/validate/validate_collectives.hpp"
#include "socle/answer/validate/validate_runs.hpp"
#include "socle/answer/validate/validate_serving.hpp"
#include "socle/answer/validate/validate_training.hpp"
#include "socle/api/request.hpp"

namespace socle::api {

struct ValidationRequest {
  std::string kind;                      ///< "training", "collectives", "serving" or "runs"
  std::string csv;                       ///< the cases
  std::string source_name;               ///< what messages call them
  std::vector<answer::RunFiles> runs{};  ///< of "runs", instead of a CSV
  unsigned threads = 0;                  ///< 0 = all cores; the answer does not depend on it
};

using ValidationAnswer = Answer<std::variant<answer::TrainingValidation, answer::CollectiveValidation,
                                             answer::ServingValidation, answer::RunValidation>>;

/// Throws InputError, naming the kinds that exist, unless `kind` is one of them. Checked before any file is read.
void check_validation_kind(std::string_view kind);

/// The cases that a kind is judged by unless others are named, relative to the root of the project. Requires: a known
/// kind.
std::string default_cases(std::string_view kind);

/// What `socle validate` asks: the error of every prediction against what was measured. Throws InputError for an
/// unknown kind or a malformed CSV, and Cancelled.
ValidationAnswer validate(const catalog::Catalog& catalog, const ValidationRequest& request,
                          Progress* progress = nullptr);

std::string text(const ValidationAnswer& answer);
std::string json(const ValidationAnswer& answer);
/// One line per case and metric.
std::string rows_csv(const ValidationAnswer& answer);

}  // namespace socle::api
