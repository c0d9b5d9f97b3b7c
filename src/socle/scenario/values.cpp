#include "socle/scenario/values.hpp"

namespace socle::scenario {

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
