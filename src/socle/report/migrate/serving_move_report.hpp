#pragma once

#include <string>
#include <vector>

#include "socle/answer/migrate/serving_migration.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string serving_move_text(const answer::ServingMigration& result);
/// Document of the schema "socle.migrate.serving/1".
Json serving_move_json(const answer::ServingMigration& result, const std::vector<InputText>& inputs);
/// A script of POSIX shell that launches the model on one target. Requires: something fits there.
std::string serving_move_script(const answer::ServingMigration& result, std::size_t target);

/// How decisions, layouts and effort come about, a sentence each.
std::vector<std::string> serving_move_rules();

}  // namespace socle::report
