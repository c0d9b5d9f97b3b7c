#include "socle/base/split_list.hpp"

#include <algorithm>

namespace socle {

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::size_t first = std::min(text.find_first_not_of(' ', at), comma);
    std::size_t end = comma;
    while (end > first && text[end - 1] == ' ') --end;
    parts.push_back(text.substr(first, end - first));
    at = comma + 1;
  }
  return parts;
}

}  // namespace socle
