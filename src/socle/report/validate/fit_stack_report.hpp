#pragma once

#include <string>
#include <vector>

#include "socle/answer/validate/fit_stack.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// Figures with their priors, errors before, after and left out, and what was leaned on.
std::string fit_stack_text(const answer::StackFit& fit);

/// Schema `socle.fit-stack/1`.
Json fit_stack_json(const answer::StackFit& fit, const std::vector<InputText>& inputs);

}  // namespace socle::report
