#include "socle/base/yaml_settings.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

constexpr std::size_t kTextMax = std::size_t{1} << 20;
constexpr std::size_t kDepthMax = 64;

struct Level {
  std::size_t indent;
  std::string path;
};

struct Reader {
  const std::string& source;
  std::vector<Level> levels{};
  std::vector<YamlSetting> settings{};
  std::set<std::string> seen{};
  std::string pending{};  ///< a key whose value stands below it
  std::size_t pending_indent = 0;

  [[noreturn]] void refuse(int line, std::size_t column, std::string message) const {
    throw InputError(Problem{source, line, static_cast<int>(column) + 1, {}, std::move(message)});
  }
};

/// Where a comment begins, outside quotes.
std::size_t comment_in(std::string_view line) {
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != '\0') {
      if (c == '\\' && quote == '"')
        ++i;
      else if (c == quote)
        quote = '\0';
    } else if (c == '"' || c == '\'') {
      const bool opens = i == 0 || std::string_view(" :[{,-").find(line[i - 1]) != std::string_view::npos;
      if (opens) quote = c;
    } else if (c == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
      return i;
    }
  }
  return line.size();
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

std::string scalar(const Reader& reader, std::string_view text, int line, std::size_t column) {
  if (text.empty()) return {};
  const char first = text.front();
  if (first == '"') {
    try {
      return parse_json(text, reader.source).as_string();
    } catch (const InputError&) { reader.refuse(line, column, "a text in double quotes is not ended as it should be"); }
  }
  if (first == '\'') {
    if (text.size() < 2 || text.back() != '\'') reader.refuse(line, column, "nothing ends the quote '");
    std::string plain;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
      plain += text[i];
      if (text[i] == '\'' && text[i + 1] == '\'') ++i;
    }
    return plain;
  }
  if (std::string_view("&*!|>%@`").find(first) != std::string_view::npos)
    reader.refuse(
        line, column,
        fmt::format("a value that begins with {} is not read here; write a number or a text in quotes", first));
  return std::string(text);
}

void add(Reader& reader, std::string path, std::string text, int line, std::size_t column) {
  if (!reader.seen.insert(path).second)
    reader.refuse(line, column, fmt::format("{} stands here a second time", printable(path)));
  reader.settings.push_back({std::move(path), std::move(text), line, static_cast<int>(column) + 1});
}

/// The colon that ends a key: before a blank or the end of the line, behind quotes.
std::size_t key_end(std::string_view text) {
  const char quote = text.front() == '"' || text.front() == '\'' ? text.front() : '\0';
  std::size_t from = 0;
  if (quote != '\0') {
    from = text.find(quote, 1);
    if (from == std::string_view::npos) return from;
  }
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == ':' && (i + 1 == text.size() || text[i + 1] == ' ' || text[i + 1] == '\t')) return i;
  }
  return std::string_view::npos;
}

void read_line(Reader& reader, std::string_view raw, int line) {
  const std::string_view content = raw.substr(0, comment_in(raw));
  const std::string_view text = trimmed(content);
  if (text.empty() || text == "---") {
    if (text == "---" && !reader.settings.empty()) reader.refuse(line, 0, "several documents; write one");
    return;
  }
  const std::size_t indent = static_cast<std::size_t>(text.data() - content.data());
  if (text.front() == '\t') reader.refuse(line, indent, "tabs do not indent YAML; use blanks");
  if (text == "-" || text.starts_with("- ")) {
    if (reader.pending.empty()) reader.refuse(line, indent, "a list stands where KEY: VALUE is expected");
    YamlSetting* last = reader.settings.empty() ? nullptr : &reader.settings.back();
    if (last == nullptr || last->path != reader.pending) {
      add(reader, reader.pending, {}, line, indent);
      last = &reader.settings.back();
    }
    last->text += (last->text.empty() ? "" : ", ") + std::string(trimmed(text.substr(1)));
    return;
  }
  while (!reader.levels.empty() && indent <= reader.levels.back().indent) reader.levels.pop_back();
  if (!reader.pending.empty() && indent > reader.pending_indent) {
    if (reader.levels.size() >= kDepthMax) reader.refuse(line, indent, "mappings are nested too deeply");
    reader.levels.push_back({reader.pending_indent, reader.pending});
  }
  reader.pending.clear();
  const std::size_t colon = key_end(text);
  if (colon == std::string_view::npos || colon == 0)
    reader.refuse(line, indent, "no KEY: VALUE stands here; settings are mappings");
  std::string path = reader.levels.empty() ? std::string() : reader.levels.back().path + ".";
  path += scalar(reader, trimmed(text.substr(0, colon)), line, indent);
  const std::string_view value = trimmed(text.substr(colon + 1));
  if (value.empty()) {
    reader.pending = std::move(path);
    reader.pending_indent = indent;
    return;
  }
  add(reader, std::move(path), scalar(reader, value, line, static_cast<std::size_t>(value.data() - raw.data())), line,
      indent);
}

}  // namespace

std::vector<YamlSetting> parse_yaml_settings(std::string_view text, const std::string& source) {
  if (text.size() > kTextMax) throw InputError(Problem{source, 0, 0, {}, "a file of settings has at most 1 MiB"});
  if (const auto bad = find_invalid_utf8(text))
    throw InputError(Problem{source, line_of(text, *bad), 0, {}, "is not UTF-8"});
  Reader reader{source};
  int line = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    read_line(reader, text.substr(0, end), ++line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::move(reader.settings);
}

std::string yaml_quoted(std::string_view text) { return Json(text).dump(false); }

}  // namespace socle
