#include "socle/base/shell_words.hpp"

#include <algorithm>
#include <cctype>

namespace socle {

std::string shell_quoted(std::string_view text) {
  constexpr std::string_view kPlain = "_@%+:,./-=";
  const bool plain = !text.empty() && text.front() != '=' && std::all_of(text.begin(), text.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || kPlain.find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

}  // namespace socle
