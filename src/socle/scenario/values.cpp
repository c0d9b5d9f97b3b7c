#include "socle/scenario/values.hpp"

namespace socle::scenario {

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::size_t first = text.find_first_not_of(' ', at);
    if (first < comma) parts.push_back(text.substr(first, text.find_last_not_of(' ', comma - 1) - first + 1));
    at = comma + 1;
  }
  return parts;
}

std::string first_quoted(const std::string& sentence) {
  const std::size_t open = sentence.find('"');
  return sentence.substr(open, sentence.find('"', open + 1) - open + 1);
}

std::string parse_choice(const std::string& text, const std::vector<std::string>& names, std::size_t& index) {
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return fmt::format("write one of {}{}", fmt::join(names, ", "), did_you_mean(text, names));
  index = static_cast<std::size_t>(found - names.begin());
  return {};
}

}  // namespace socle::scenario
