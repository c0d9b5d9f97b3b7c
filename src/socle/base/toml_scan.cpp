#include "socle/base/toml_scan.hpp"

#include <algorithm>

namespace socle::detail {
namespace {

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

// Offset of the last byte of the string that starts at `at`, its closing quotes included.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string_view triple = quote == '"' ? "\"\"\"" : "'''";
  const bool multi_line = text.substr(at, 3) == triple;
  std::size_t i = at + (multi_line ? 3 : 1);
  while (i < text.size()) {
    if (quote == '"' && text[i] == '\\') {
      i += 2;
      continue;
    }
    if (multi_line ? text.substr(i, 3) == triple : text[i] == quote || text[i] == '\n') break;
    ++i;
  }
  if (!multi_line) return i;
  i += 2;
  // One or two quotes before the closing three belong to the string.
  for (int more = 0; more < 2 && i + 1 < text.size() && text[i + 1] == quote; ++more) ++i;
  return i;
}

}  // namespace

std::optional<TomlFlaw> find_toml_flaw(std::string_view text, int deepest) {
  const auto control = std::find_if(text.begin(), text.end(), is_control);
  if (control != text.end()) {
    return TomlFlaw{static_cast<std::size_t>(control - text.begin()),
                    "the text holds a control character; TOML allows tabs and line ends only"};
  }
  const auto nested = [&](std::size_t at) {
    return TomlFlaw{at, "values are nested deeper than " + std::to_string(deepest) + " levels"};
  };
  int depth = 0, dots = 0;
  char before = '\n';  // the last character that is no blank
  for (std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0; at < text.size(); ++at) {
    const char c = text[at];
    const char previous = before;
    if (c != ' ' && c != '\t' && c != '\r') before = c;
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size()) - 1;
    } else if (c == '"' || c == '\'') {
      if (std::string_view("=[,{.\n").find(previous) == std::string_view::npos) {
        return TomlFlaw{at, "a quote stands where no string can begin"};
      }
      at = end_of_string(text, at);
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      return TomlFlaw{at, "a character outside ASCII stands outside a string; put the key or value in quotes"};
    } else if (c == '[' || c == '{') {
      if (++depth > deepest) return nested(at);
    } else if (c == ']' || c == '}') {
      depth = std::max(0, depth - 1);
    } else if (c == '.') {
      if (++dots > deepest) return nested(at);
    } else if (c == '\n' || c == '=' || c == ',') {
      dots = 0;
    }
  }
  return std::nullopt;
}

}  // namespace socle::detail
