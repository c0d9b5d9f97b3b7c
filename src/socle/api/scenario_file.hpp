#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/answer/check/check.hpp"
#include "socle/api/request.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::api {

/// Questions that `socle init` has a template for.
std::vector<std::string> template_names();

/// A commented scenario that runs as it stands. Throws InputError for an unknown name.
std::string scenario_template(std::string_view name);

/// Reads the scenario and resolves it for every question that it says enough for. Throws InputError with every problem
/// of the file and of the names in it, or when it says enough for no question.
answer::CheckResult check_scenario(const catalog::Catalog& catalog, const Request& request);

std::string text(const answer::CheckResult& result);
/// Schema `socle.check/1`.
std::string json(const answer::CheckResult& result);

}  // namespace socle::api
