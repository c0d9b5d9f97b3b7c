#include "socle/base/yaml_quotes.hpp"

#include <algorithm>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"

namespace socle {
namespace {

/// Adds what a backslash stands for; the characters behind it that it takes, nothing for an escape that is none.
std::optional<std::size_t> add_escape(std::string& out, std::string_view text, const std::string& source) {
  constexpr std::string_view kNames = "0abtnvfre\"/\\ ", kMeans = {"\0\a\b\t\n\v\f\r\x1b\"/\\ ", 13};
  if (text.empty()) return std::nullopt;
  const std::size_t known = kNames.find(text[0]);
  if (known != std::string_view::npos) {
    out += kMeans[known];
    return 1;
  }
  const std::size_t digits = text[0] == 'x' ? 2 : text[0] == 'u' ? 4 : 0;
  const std::string_view hex = text.substr(1, digits);
  const bool whole =
      digits > 0 && hex.size() == digits && hex.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  if (!whole) return std::nullopt;
  try {
    out += parse_json("\"\\u" + std::string(4 - digits, '0') + std::string(hex) + "\"", source).as_string();
  } catch (const InputError&) { return std::nullopt; }  // half of a pair
  return 1 + digits;
}

}  // namespace

std::size_t yaml_comment_in(std::string_view line) {
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != '\0') {
      if (c == '\\' && quote == '"')
        ++i;
      else if (c == quote)
        quote = '\0';
    } else if ((c == '"' || c == '\'') &&
               (i == 0 || std::string_view(" \t:[{,-").find(line[i - 1]) != std::string_view::npos)) {
      quote = c;
    } else if (c == '#' && (i == 0 || std::string_view(" \t").find(line[i - 1]) != std::string_view::npos)) {
      return i;
    }
  }
  return line.size();
}

std::size_t yaml_quote_end(std::string_view text, std::size_t from) {
  const char quote = text.front();
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"')
      ++i;
    else if (text[i] == quote && quote == '\'' && i + 1 < text.size() && text[i + 1] == quote)
      ++i;
    else if (text[i] == quote)
      return i;
  }
  return std::string_view::npos;
}

std::optional<std::string> yaml_unquoted(std::string_view text, const std::string& source) {
  const char quote = text.front();
  if (text.size() < 2 || yaml_quote_end(text) != text.size() - 1) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      const auto taken = add_escape(plain, text.substr(i + 1), source);
      if (!taken) return std::nullopt;
      i += *taken;
      continue;
    }
    plain += text[i];
    if (quote == '\'' && text[i] == '\'') ++i;
  }
  return plain;
}

}  // namespace socle
