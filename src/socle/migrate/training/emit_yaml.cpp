#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"
#include "socle/base/yaml_settings.hpp"
#include "socle/migrate/training/emit.hpp"

// Configurations of Megatron's functional tests: ENV_VARS and MODEL_ARGS.
namespace socle::migrate {
namespace {

[[noreturn]] void refuse(const Argument& argument, const char* what) {
  throw InputError(Problem{{},
                           argument.line,
                           0,
                           "--emit",
                           fmt::format("yaml cannot say {}: {}; emit sh",
                                       printable(argument.name.empty() ? argument.text() : argument.name), what)});
}

/// Reads back as a plain scalar of the same text.
bool is_plain(const std::string& text) {
  if (text.empty() || text == "true" || text == "false" || text == "null" || text == "~" || text == "Null" ||
      text == "NULL")
    return false;
  const bool front = std::string_view("-?:,[]{}#&*!|>'\"%@` \t").find(text.front()) != std::string_view::npos;
  const bool inside =
      std::any_of(text.begin(), text.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '#' || c == '"' || c == '\''; }) ||
      text.find(": ") != std::string::npos || text.find("  ") != std::string::npos;
  const bool number =
      std::isdigit(static_cast<unsigned char>(text.back())) != 0 && (text.front() == '-' || text.front() == '+');
  return (number || !front) && !inside && text.back() != ' ' && text.back() != ':' && text.back() != '\t';
}

/// Reads back as a plain key.
bool is_key(const std::string& text) {
  return text != "-" && text != "---" && !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
         });
}

std::string scalar(const Argument& argument, const ShellText& value) {
  for (const ShellPiece& piece : value.pieces) {
    const bool simple = piece.text.starts_with("${") && piece.text.find_first_of("$`\"\\'", 2) == std::string::npos &&
                        piece.text.find('}') + 1 == piece.text.size();
    if (piece.live && !simple) refuse(argument, "it holds what only a shell works out");
    for (std::size_t i = 0; !piece.live && i + 1 < piece.text.size(); ++i) {
      const char next = piece.text[i + 1];
      if (piece.text[i] == '$' && (next == '{' || next == '_' || std::isalnum(static_cast<unsigned char>(next)) != 0))
        refuse(argument, "it holds $ as a text");
    }
  }
  const std::string text = value.text();
  return is_plain(text) ? text : yaml_quoted(text);
}

}  // namespace

JobRecord emit_yaml_adapt(const JobRecord& record, const EmitPlace&) {
  JobRecord made;
  made.framework = record.framework;
  made.environment = record.environment;
  made.arguments = record.arguments;
  made.extras = record.extras;
  for (Argument& argument : made.arguments) {
    for (ShellText& value : argument.values)
      for (ShellPiece& piece : value.pieces) piece.quoted = piece.live;
  }
  for (Argument& variable : made.environment) {
    for (ShellText& value : variable.values)
      for (ShellPiece& piece : value.pieces) piece.quoted = piece.live;
  }
  return made;
}

std::string emit_yaml(const JobRecord& record, const EmitPlace&) {
  std::string text = record.environment.empty() ? "" : "ENV_VARS:\n";
  std::set<std::string> seen;
  for (const Argument& variable : record.environment) {
    if (!seen.insert(variable.name).second) refuse(variable, "a variable stands twice");
    text += fmt::format("  {}: {}\n", variable.name, scalar(variable, variable.values[0]));
  }
  text += "MODEL_ARGS:\n";
  seen.clear();
  for (const Argument& argument : record.arguments) {
    if (!argument.name.starts_with("-") && argument.name.find('.') == std::string::npos)
      refuse(argument, "it is no argument with a name");
    if (!seen.insert(argument.name).second) refuse(argument, "an argument stands twice");
    const std::string name = is_key(argument.name) ? argument.name : yaml_quoted(argument.name);
    if (argument.values.empty()) {
      text += fmt::format("  {}: true\n", name);
    } else if (argument.values.size() == 1) {
      text += fmt::format("  {}: {}\n", name, scalar(argument, argument.values[0]));
    } else {
      text += fmt::format("  {}:\n", name);
      for (const ShellText& value : argument.values) text += fmt::format("    - {}\n", scalar(argument, value));
    }
  }
  for (const JobSetting& extra : record.extras) {
    const bool argument = extra.path.starts_with("MODEL_ARGS.");
    if (argument) text += fmt::format("  {}: {}\n", extra.path.substr(11), extra.value);
  }
  for (const JobSetting& extra : record.extras) {
    const std::string key = is_key(extra.path) ? extra.path : yaml_quoted(extra.path);
    if (!extra.path.starts_with("MODEL_ARGS.")) text += fmt::format("{}: {}\n", key, extra.value);
  }
  return text;
}

}  // namespace socle::migrate
