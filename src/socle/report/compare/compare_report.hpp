#pragma once

#include <string>
#include <vector>

#include "socle/answer/compare/compare.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// Tables of at most 100 columns: speed per chip, per watt, per unit of money, at equal budget; export classes.
std::string compare_text(const answer::CompareResult& result);
/// Schema `socle.compare/1`.
Json compare_json(const answer::CompareResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
