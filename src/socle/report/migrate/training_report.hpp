#pragma once

#include <string>
#include <vector>

#include "socle/answer/migrate/training_arguments.hpp"
#include "socle/answer/migrate/training_migration.hpp"
#include "socle/base/json.hpp"
#include "socle/base/json_schema.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string arguments_text(const answer::ArgumentsResult& result);
Json arguments_json(const answer::ArgumentsResult& result, const std::vector<InputText>& inputs);

/// "Megatron-LM main (...); dense; 80 layers of 8192, ...": what was read, on one line.
std::string training_line(const answer::TrainingMigration& result);
std::string training_text(const answer::TrainingMigration& result);
Json training_json(const answer::TrainingMigration& result, const std::vector<InputText>& inputs);

/// How decisions and effort of a launch come about, a sentence each.
std::vector<std::string> training_rules();

}  // namespace socle::report
