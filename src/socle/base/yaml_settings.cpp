#include "socle/base/yaml_settings.hpp"

#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/yaml_tree.hpp"

namespace socle {
namespace {

/// A list as brackets would write it; other values as they are.
std::string flow_text(const YamlNode& node) {
  if (node.is_scalar()) return node.quoted ? yaml_quoted(node.text) : node.text;
  std::string text;
  for (const YamlNode& item : node.items) text += (text.empty() ? "" : ", ") + flow_text(item);
  for (const auto& [key, value] : node.members)
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", key, flow_text(value));
  return node.is_list() ? "[" + text + "]" : node.is_map() ? "{" + text + "}" : text;
}

void flatten(const YamlNode& map, const std::string& path, std::vector<YamlSetting>& settings) {
  for (const auto& [key, value] : map.members) {
    const std::string name = path.empty() ? key : path + "." + key;
    if (value.is_map())
      flatten(value, name, settings);
    else
      settings.push_back({.path = name,
                          .text = value.is_scalar() ? value.text : flow_text(value),
                          .line = value.line,
                          .column = value.column});
  }
}

}  // namespace

std::vector<YamlSetting> parse_yaml_settings(std::string_view text, const std::string& source) {
  const std::vector<YamlNode> documents = parse_yaml(text, source);
  std::vector<YamlSetting> settings;
  if (documents.size() > 1)
    throw InputError(Problem{source, documents[1].line, 0, {}, "a file of settings is one document; keep the first"});
  if (documents.empty() || documents.front().kind == YamlNode::Kind::kNull) return settings;
  if (!documents.front().is_map())
    throw InputError(Problem{source,
                             documents.front().line,
                             documents.front().column,
                             {},
                             "no KEY: VALUE stands here; settings are mappings"});
  flatten(documents.front(), {}, settings);
  return settings;
}

std::string yaml_quoted(std::string_view text) { return Json(text).dump(false); }

}  // namespace socle
