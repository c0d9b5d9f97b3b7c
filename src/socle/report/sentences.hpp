#pragma once

#include <string>
#include <vector>

#include "socle/base/json.hpp"

namespace socle::report {

/// A heading and one bullet a sentence, at most 100 columns; empty without sentences.
std::string sentences_text(const char* title, const std::vector<std::string>& sentences);
Json sentences_json(const std::vector<std::string>& sentences);

}  // namespace socle::report
