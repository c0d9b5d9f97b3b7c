#pragma once

#include <string>

#include "socle/answer/validate/fit_stack.hpp"
#include "socle/api/request.hpp"

namespace socle::api {

using FitStackAnswer = Answer<answer::StackFit>;

/// What `socle validate training --fit-stack` asks: the figures of a stack from the cases of a CSV, and how well they
/// predict runs that they were not fitted on. Throws InputError as answer::fit_stack does, and Cancelled.
FitStackAnswer fit_stack(const catalog::Catalog& catalog, const std::string& csv, const std::string& source_name,
                         const answer::FitStackQuestion& question, Progress* progress = nullptr);

std::string text(const FitStackAnswer& answer);
std::string json(const FitStackAnswer& answer);

}  // namespace socle::api
