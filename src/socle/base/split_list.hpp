#pragma once

#include <string>
#include <vector>

namespace socle {

/// Parts of "a, b,c" without blanks around them; a part may be empty.
std::vector<std::string> split_list(const std::string& text);

}  // namespace socle
