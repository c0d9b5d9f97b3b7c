#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socle {

/// One value of a file of settings.
struct YamlSetting {
  std::string path;  ///< keys from the outside in, dots between: "kv_cache_config.dtype"
  std::string text;  ///< a scalar without its quotes; a list in brackets
  int line = 1, column = 1;
};

/// The values of a YAML text that is mappings inside mappings, as files of engines' settings are, in their order; a
/// list is one text in brackets. Throws InputError as parse_yaml does, and for what is no mapping, or several
/// documents.
std::vector<YamlSetting> parse_yaml_settings(std::string_view text, const std::string& source);

/// The text as a YAML scalar in double quotes, which also reads as JSON. Requires: UTF-8.
std::string yaml_quoted(std::string_view text);

}  // namespace socle
