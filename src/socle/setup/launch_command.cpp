#include "socle/setup/launch_command.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/split_list.hpp"
#include "socle/base/utf8.hpp"
#include "socle/base/yaml_tree.hpp"
#include "socle/migrate/containers.hpp"

namespace socle::setup {
namespace {

using catalog::LaunchImage;
using catalog::LaunchTable;

using Words = std::vector<ShellWord>;

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// The image without tag and digest.
std::string_view image_name(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const std::size_t slash = image.rfind('/');
  const std::size_t colon = image.find(':', slash == std::string_view::npos ? 0 : slash);
  return image.substr(0, colon);
}

bool is_image(std::string_view word, std::string_view image) {
  const std::string_view name = image_name(word);
  return name == image ||
         (name.ends_with(image) && name.size() > image.size() && name[name.size() - image.size() - 1] == '/');
}

/// Where a launcher stands, and where its arguments begin.
struct Launcher {
  const LaunchTable* table;
  std::size_t at, arguments;
};

std::optional<Launcher> launcher_at(const std::vector<LaunchTable>& tables, const Words& words, std::size_t at) {
  for (const LaunchTable& table : tables) {
    for (const std::string& command : table.commands) {
      const std::size_t blank = command.find(' ');
      if (last_part(words[at].text) != command.substr(0, blank)) continue;
      if (blank == std::string::npos) return Launcher{&table, at, at + 1};
      if (at + 1 < words.size() && words[at + 1].text == command.substr(blank + 1)) return Launcher{&table, at, at + 2};
    }
    if (words[at].text != "-m" || at + 1 >= words.size()) continue;
    if (std::find(table.modules.begin(), table.modules.end(), words[at + 1].text) != table.modules.end())
      return Launcher{&table, at, at + 2};
  }
  return std::nullopt;
}

struct FoundImage {
  const LaunchTable* table;
  const LaunchImage* image;
  std::size_t at;
};

/// The image of a known engine after `docker run` and the like.
std::optional<FoundImage> image_in(const std::vector<LaunchTable>& tables, const Words& words) {
  const bool runs = std::any_of(words.begin(), words.end(), [](const ShellWord& word) {
    const std::string_view name = last_part(word.text);
    return name == "docker" || name == "podman" || name == "nerdctl";
  });
  for (std::size_t at = 1; runs && at < words.size(); ++at) {
    for (const LaunchTable& table : tables) {
      for (const LaunchImage& image : table.images) {
        if (is_image(words[at].text, image.name)) return FoundImage{&table, &image, at};
      }
    }
  }
  return std::nullopt;
}

LaunchCommand made(const LaunchTable& table, const Words& words, std::size_t at, std::size_t arguments) {
  const auto part = [&](std::size_t from, std::size_t to) {
    return Words(words.begin() + static_cast<std::ptrdiff_t>(from), words.begin() + static_cast<std::ptrdiff_t>(to));
  };
  return {.table = table,
          .family = table.families.front(),
          .version = {},
          .before = part(0, at),
          .launcher = part(std::min(at, words.size()), std::min(arguments, words.size())),
          .arguments = part(std::min(arguments, words.size()), words.size()),
          .script = {}};
}

std::optional<LaunchCommand> launch_in(const std::vector<LaunchTable>& tables, const Words& words,
                                       const std::string& source) {
  const auto image = image_in(tables, words);
  std::optional<LaunchCommand> found;
  for (std::size_t at = image ? image->at + 1 : 0; at < words.size() && !found; ++at) {
    if (const auto launcher = launcher_at(tables, words, at))
      found = made(*launcher->table, words, launcher->at, launcher->arguments);
  }
  if (!image) return found;
  const ShellWord& word = words[image->at];
  if (!found && !image->image->starts)
    throw InputError(Problem{source, word.line, word.column, "from",
                             fmt::format("the image {} starts no server by itself, and no launch command follows it; "
                                         "write it behind the image",
                                         printable(word.text))});
  if (!found) found = made(*image->table, words, image->at, image->at + 1);
  if (found->table.family == image->table->family) {
    found->family = image->image->family;
    found->version = version_of_image(word.text);
  }
  return found;
}

ShellWord word_of(const ShellText& text) {
  ShellWord word{.text = text.text(), .line = text.line, .column = text.column, .expands = !text.known()};
  if (word.expands) word.by_default = text.by_default().value_or("");
  return word;
}

/// Assignments before a command are words of it.
Words words_of(const ScriptCommand& command) {
  Words words;
  for (const auto& [name, value] : command.environment)
    words.push_back(
        {.text = name + "=" + value.text(), .line = value.line, .column = value.column, .expands = !value.known()});
  for (const ShellText& word : command.words) words.push_back(word_of(word));
  return words;
}

/// Launch commands of the text, and of texts within it that another shell is given: sh -c '...'.
void collect(const std::vector<LaunchTable>& tables, const ShellScript& script, const std::string& source, int depth,
             std::vector<LaunchCommand>& found) {
  for (const ScriptCommand& command : script.commands) {
    const Words words = words_of(command);
    if (auto one = launch_in(tables, words, source)) {
      found.push_back(*std::move(one));
      continue;
    }
    for (std::size_t at = 0; depth < 2 && at + 1 < words.size(); ++at) {
      const std::string& option = words[at].text;
      if (option != "-c" && option != "-lc" && option != "-ec") continue;
      collect(tables, read_shell_script(words[at + 1].text, source), source, depth + 1, found);
    }
  }
}

std::string known_launchers(const std::vector<LaunchTable>& tables) {
  std::vector<std::string> list;
  for (const LaunchTable& table : tables) {
    if (!table.commands.empty()) list.push_back(table.commands.back() + (table.positional_model ? " MODEL" : ""));
    if (!table.modules.empty()) list.push_back("python3 -m " + table.modules.front());
  }
  std::string text;
  for (const std::string& one : list) text += (text.empty() ? "`" : ", `") + one + " ...`";
  return text;
}

/// The container of a manifest that launches an engine, as a script; the text itself where it is no manifest.
std::string script_text(const std::vector<LaunchTable>& tables, std::string_view text, const std::string& source) {
  if (!migrate::is_manifest(text)) return std::string(text);
  for (const migrate::ContainerLaunch& one : migrate::container_launches(parse_yaml(text, source, true))) {
    std::string script;
    for (const auto& [name, value] : one.environment)
      script += "export " + name + "=" + shell_quoted(value.text) + "\n";
    script += one.script;
    std::vector<LaunchCommand> found;
    collect(tables, read_shell_script(script, source), source, 0, found);
    if (!found.empty()) return script;
  }
  return std::string(text);
}

}  // namespace

std::string version_of_image(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const std::size_t name = image_name(image).size();
  if (name >= image.size()) return {};
  std::string_view tag = image.substr(name + 1);
  if (tag.starts_with('v')) tag.remove_prefix(1);
  std::size_t end = 0;
  while (end < tag.size() && (std::isdigit(static_cast<unsigned char>(tag[end])) != 0 || tag[end] == '.')) ++end;
  while (end > 0 && tag[end - 1] == '.') --end;
  const std::string_view version = tag.substr(0, end);
  return version.find('.') == std::string_view::npos || version.size() > 20 ? std::string() : std::string(version);
}

LaunchCommand find_launch(const std::vector<LaunchTable>& tables, std::string_view text, const std::string& source) {
  ShellScript script = read_shell_script(script_text(tables, text, source), source);
  std::vector<LaunchCommand> found;
  collect(tables, script, source, 0, found);
  if (found.empty()) {
    const Words words = script.commands.empty() ? Words{} : words_of(script.commands.front());
    const std::string first = words.empty() ? std::string() : words.front().text;
    throw InputError(Problem{source, words.empty() ? 0 : words.front().line, words.empty() ? 0 : words.front().column,
                             "from",
                             fmt::format("{} no launch command that is known; write {}, or `docker run` with an image "
                                         "of one of them",
                                         first.empty() ? "it is empty:" : fmt::format("\"{}\" ...:", printable(first)),
                                         known_launchers(tables))});
  }
  if (found.size() > 1) {
    const Words& second = found[1].arguments.empty() ? found[1].before : found[1].arguments;
    throw InputError(Problem{source, second.empty() ? 0 : second.front().line, 0, "from",
                             fmt::format("{} launch commands stand in it; keep the one to ask about", found.size())});
  }
  found.front().script = std::move(script);
  return std::move(found.front());
}

}  // namespace socle::setup
