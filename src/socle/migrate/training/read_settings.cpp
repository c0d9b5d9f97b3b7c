#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/toml_reader.hpp"
#include "socle/base/utf8.hpp"
#include "socle/migrate/training/read_launch.hpp"

namespace socle::migrate {
namespace {

void flatten(const Json& value, const std::string& path, std::vector<JobSetting>& list) {
  if (value.is_object() && (!value.as_object().empty() || path.empty())) {
    for (const auto& [key, member] : value.as_object()) flatten(member, path.empty() ? key : path + "." + key, list);
    return;
  }
  list.push_back({path, value.dump(false), 0});
}

/// The line on which a key's last part first stands behind the line of the one before: good enough to find it.
void find_lines(std::string_view text, std::vector<JobSetting>& list) {
  std::size_t at = 0;
  for (JobSetting& setting : list) {
    const std::string key = "\"" + setting.path.substr(setting.path.find_last_of('.') + 1) + "\"";
    const std::size_t found = text.find(key, at);
    if (found == std::string_view::npos) continue;
    setting.line = line_of(text, found);
    at = found + key.size();
  }
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  return text;
}

/// Without a comment behind it.
std::string_view without_comment(std::string_view line) {
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#') {
      return line.substr(0, i);
    }
  }
  return line;
}

}  // namespace

JobRecord read_deepspeed_json(const JobText& text) {
  const Json json = parse_json(text.text, text.name);
  if (!json.is_object()) throw InputError(Problem{text.name, 1, 1, {}, "settings of DeepSpeed are one object"});
  JobRecord record{.framework = "deepspeed", .file = text.name};
  flatten(json, {}, record.settings);
  for (const JobSetting& setting : record.settings) {
    if (setting.path.find("..") != std::string::npos || setting.path.empty())
      throw InputError(Problem{text.name, 0, 0, setting.path, "a key without a name"});
  }
  find_lines(text.text, record.settings);
  return record;
}

JobRecord read_titan_toml(const JobText& text) {
  TomlDocument::parse(text.text, text.name);  // what is not TOML is refused here
  JobRecord record{.framework = "torchtitan", .file = text.name};
  std::string section, pending;
  int line = 0;
  Problems problems;
  for (std::string_view rest = text.text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view body = trimmed(without_comment(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++line;
    if (body.empty()) continue;
    if (!pending.empty()) {
      record.settings.back().value += " " + std::string(body);
      if (body.ends_with(pending)) pending.clear();
      continue;
    }
    if (body.starts_with("[") && body.ends_with("]") && body.find('=') == std::string_view::npos) {
      section = std::string(body.substr(1, body.size() - 2));
      continue;
    }
    const std::size_t sign = body.find('=');
    if (sign == std::string_view::npos) {
      problems.add(Problem{text.name, line, 1, {}, "texts of many lines are not read here; write KEY = VALUE on one"});
      continue;
    }
    const std::string key(trimmed(body.substr(0, sign)));
    const std::string value(trimmed(body.substr(sign + 1)));
    record.settings.push_back({section.empty() ? key : section + "." + key, value, line});
    if (value.starts_with("[") && !value.ends_with("]")) pending = "]";
  }
  problems.throw_if_any();
  return record;
}

}  // namespace socle::migrate
