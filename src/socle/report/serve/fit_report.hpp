#pragma once

#include <string>
#include <vector>

#include "socle/answer/serve/fit.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

std::string serve_fit_text(const answer::FitResult& result);
/// Document of the schema "socle.serve.fit/1".
Json serve_fit_json(const answer::FitResult& result, const std::vector<InputText>& inputs);

/// The same without schema and provenance, as part of another document.
Json serve_fit_part(const answer::FitResult& result);

/// "tp 4 pp 2": sizes of 1 are left out but for tp.
std::string layout_words(const workload::ServingLayout& layout);

/// What the engine prints of its cache as it starts, a line each: "GPU KV cache size: 412,336 tokens".
std::vector<std::string> startup_lines(const setup::ServeSetup& setup, const answer::FitRow& row);

}  // namespace socle::report
