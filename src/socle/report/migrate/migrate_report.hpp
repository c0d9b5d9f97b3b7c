#pragma once

#include <string>
#include <vector>

#include "socle/answer/migrate/code_migration.hpp"
#include "socle/answer/migrate/fact_packs.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string code_text(const answer::CodeResult& result);
Json code_json(const answer::CodeResult& result, const std::vector<InputText>& inputs);

std::string platforms_text(const answer::KnownTargets& known);
Json platforms_json(const answer::KnownTargets& known, const std::vector<InputText>& inputs);

/// How decisions and effort come about, a sentence each.
std::vector<std::string> migration_rules();

}  // namespace socle::report
