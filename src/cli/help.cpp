#include "cli/help.hpp"

#include <algorithm>

namespace socle::cli {
namespace {

constexpr int kIndent = 2, kGap = 2, kNameWidthMax = 30;

/// "  --tp N    Tensor-parallel size ..." with the text wrapped beside the name.
std::string entry(const std::string& name, const std::string& help, int name_width, int width) {
  const std::string margin(static_cast<std::size_t>(kIndent), ' ');
  const int column = kIndent + name_width + kGap;
  std::string wrapped = wrap_text(help, std::max(width, column + 20), column);
  if (static_cast<int>(name.size()) > name_width) return margin + name + "\n" + wrapped;
  const std::string head = margin + name + std::string(static_cast<std::size_t>(name_width + kGap) - name.size(), ' ');
  return wrapped.size() > head.size() ? head + wrapped.substr(head.size()) : margin + name + "\n";
}

std::string shown(const Option& option) {
  return option.value_name.empty() ? option.name : option.name + " " + option.value_name;
}

/// A command line broken so that a shell still takes it whole: never inside quotes.
std::string example_text(const std::string& example, int width) {
  std::vector<std::string> words{""};
  bool quoted = false;
  for (const char c : example) {
    quoted = quoted != (c == '"');
    if (c == ' ' && !quoted)
      words.emplace_back();
    else
      words.back() += c;
  }
  std::string text, line = "  " + words.front();
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t tail = i + 1 < words.size() ? 2 : 0;  // of " \\"
    if (static_cast<int>(line.size() + 1 + words[i].size() + tail) > width) {
      text += line + " \\\n";
      line = "     ";
    }
    line += " " + words[i];
  }
  return text + line + "\n";
}

std::string options_text(const Command& command, bool all, int width) {
  int name_width = 0;
  for (const Option& option : command.options) {
    const int length = static_cast<int>(shown(option).size());
    if ((all || option.common) && length <= kNameWidthMax) name_width = std::max(name_width, length);
  }
  std::string text;
  std::size_t hidden = 0;
  for (const std::string& group : groups_of(command)) {
    std::string entries;
    for (const Option& option : command.options) {
      if (option.group != group) continue;
      if (all || option.common)
        entries += entry(shown(option), option.help, name_width, width);
      else
        ++hidden;
    }
    if (!entries.empty()) text += "\n" + group + "\n" + entries;
  }
  if (hidden > 0) text += "\n" + wrap_text("--help-all shows " + std::to_string(hidden) + " options more.", width, 0);
  return text;
}

std::string commands_text(const std::vector<NamedCommand>& commands, int width) {
  int name_width = 0;
  for (const NamedCommand& named : commands) name_width = std::max(name_width, static_cast<int>(named.name.size()));
  std::string text = "\nCommands\n";
  for (const NamedCommand& named : commands) text += entry(named.name, named.help, name_width, width);
  return text;
}

}  // namespace

std::vector<std::string> groups_of(const Command& command) {
  std::vector<std::string> groups;
  for (const Option& option : command.options) {
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) groups.push_back(option.group);
  }
  return groups;
}

std::string help_text(const std::vector<NamedCommand>& commands, const std::vector<const NamedCommand*>& path, bool all,
                      int width) {
  if (path.empty()) {
    return "socle: a design tool for AI compute clusters\nUsage: socle COMMAND [OPTIONS]\n" +
           commands_text(commands, width) + "\n" +
           wrap_text(
               "socle COMMAND --help explains one command and shows an example; socle --version names the version.",
               width, 0) +
           wrap_text(kExitCodes, width, 0);
  }
  const NamedCommand& named = *path.back();
  const std::string words = named.command.words_name.empty() ? "" : " " + named.command.words_name;
  std::string text = wrap_text(named.help, width, 0) + "Usage: " + command_text(path) +
                     (named.children.empty() ? words + " [OPTIONS]" : " QUESTION [OPTIONS]") + "\n";
  if (!named.children.empty()) text += commands_text(named.children, width);
  text += options_text(named.command, all, width);
  if (!named.command.examples.empty()) text += "\nExamples\n";
  for (const std::string& example : named.command.examples) text += example_text(example, width);
  return text;
}

}  // namespace socle::cli
