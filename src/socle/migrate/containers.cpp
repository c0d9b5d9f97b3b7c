#include "socle/migrate/containers.hpp"

#include <algorithm>

#include "socle/base/shell_words.hpp"

namespace socle::migrate {
namespace {

std::vector<std::string> texts_of(const YamlNode* node) {
  std::vector<std::string> list;
  if (node && node->is_scalar()) list.push_back(node->text);
  if (node && node->is_list()) {
    for (const YamlNode& item : node->items) list.push_back(item.text);
  }
  return list;
}

/// Words as a shell reads them; the text of `sh -c TEXT` itself.
std::string script_of(const std::vector<std::string>& words) {
  std::string script;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool shell = i > 0 && words[i].starts_with("-") && words[i].ends_with("c") && words[i - 1].ends_with("sh");
    if (shell && i + 1 < words.size()) return words[i + 1];
    script += (i > 0 ? " " : "") + shell_quoted(words[i]);
  }
  return script;
}

std::vector<std::pair<std::string, YamlNode>> environment_of(const YamlNode& node) {
  std::vector<std::pair<std::string, YamlNode>> all;
  const YamlNode* environment = node.find("env");
  for (const YamlNode& item : environment ? environment->items : std::vector<YamlNode>{}) {
    const YamlNode *name = item.find("name"), *value = item.find("value");
    if (name && value) all.emplace_back(name->text, *value);
  }
  const YamlNode* composed = node.find("environment");
  if (composed && composed->is_map()) all.insert(all.end(), composed->members.begin(), composed->members.end());
  return all;
}

void find(const YamlNode& node, std::vector<ContainerLaunch>& list) {
  const YamlNode *command = node.find("command"), *image = node.find("image");
  std::vector<std::string> words = texts_of(command);
  for (std::string& word : texts_of(node.find("args"))) words.push_back(std::move(word));
  if (!words.empty()) {
    ContainerLaunch launch{.script = {}, .environment = environment_of(node), .line = node.line};
    const bool one_text = command && command->is_scalar() && words.size() == 1;
    launch.script = one_text ? words.front() : script_of(words);
    const bool by_image = image && image->is_scalar() && (command == nullptr || words.front().starts_with("-"));
    if (by_image) launch.script = "docker run " + shell_quoted(image->text) + " " + launch.script;
    list.push_back(std::move(launch));
  }
  for (const auto& [key, member] : node.members) find(member, list);
  for (const YamlNode& item : node.items) find(item, list);
}

}  // namespace

std::vector<ContainerLaunch> container_launches(const std::vector<YamlNode>& documents) {
  std::vector<ContainerLaunch> list;
  for (const YamlNode& document : documents) find(document, list);
  return list;
}

bool is_manifest(std::string_view text) {
  // Its first line that is no comment is a key: a script that writes a manifest by a here-document is none.
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("#!")) return false;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos || line.starts_with("#") || line.starts_with("---"))
      continue;
    const std::size_t colon =
        line.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    if (colon == 0 || colon == std::string_view::npos || line[colon] != ':') return false;
    break;
  }
  for (const std::string_view key : {"apiVersion:", "services:"}) {
    const std::size_t found = text.find(key);
    if (found != std::string_view::npos && (found == 0 || text[found - 1] == '\n')) return true;
  }
  return false;
}

}  // namespace socle::migrate
