#pragma once

#include <string>
#include <string_view>

namespace socle {

/// The ASCII letter in lower case; any other byte as it is, whatever the locale.
constexpr char lower_case(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The same of every letter: names are compared by it.
inline std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = lower_case(c);
  return lower;
}

}  // namespace socle
