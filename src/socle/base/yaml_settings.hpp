#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socle {

/// One value of a file of settings.
struct YamlSetting {
  std::string path;  ///< keys from the outside in, dots between: "kv_cache_config.dtype"
  std::string text;  ///< a scalar without its quotes; a list or mapping in brackets as written
  int line = 1, column = 1;
};

/// The scalars of a YAML text that is mappings inside mappings, as files of engines' settings are: block mappings by
/// indentation, plain and quoted scalars on one line, comments; what stands in [] or {} and lists of `- x` stay text.
/// Throws InputError at the line of anything else (anchors, tags, several documents, texts of many lines, tabs that
/// indent, a key twice).
std::vector<YamlSetting> parse_yaml_settings(std::string_view text, const std::string& source);

/// The text as a YAML scalar in double quotes, which also reads as JSON. Requires: UTF-8.
std::string yaml_quoted(std::string_view text);

}  // namespace socle
