#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/answer/check/check.hpp"
#include "socle/api/request.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::api {

using CheckAnswer = Answer<answer::CheckResult>;

/// Questions that `socle init` has a template for.
std::vector<std::string> template_names();

/// A commented scenario that runs as it stands. Throws InputError for an unknown name.
std::string scenario_template(std::string_view name);

/// Reads the scenario and resolves it for every question that it says enough for. Throws InputError with every problem
/// of the file and of the names in it, or when it says enough for no question.
CheckAnswer check_scenario(const catalog::Catalog& catalog, const Request& request);

std::string text(const CheckAnswer& answer);
/// Schema `socle.check/1`.
std::string json(const CheckAnswer& answer);

}  // namespace socle::api
