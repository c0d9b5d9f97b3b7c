#include "socle/setup/launch_record.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "socle/setup/launch_command.hpp"

namespace socle::setup {
namespace {

/// A name that was set before gives way.
void set(migrate::LaunchRecord& record, const std::string& name, migrate::LaunchText value) {
  for (auto& [known, old] : record.environment) {
    if (known != name) continue;
    old = std::move(value);
    return;
  }
  record.environment.emplace_back(name, std::move(value));
}

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

/// Adds NAME=VALUE to the environment; false where the word is none.
bool take_assignment(const ShellWord& word, migrate::LaunchRecord& record) {
  const std::size_t equals = word.text.find('=');
  const bool named = equals != std::string::npos && is_name(std::string_view(word.text).substr(0, equals));
  if (named) set(record, word.text.substr(0, equals), {word.text.substr(equals + 1), word.expands});
  return named;
}

}  // namespace

migrate::LaunchRecord read_launch_record(const std::vector<catalog::LaunchTable>& tables, std::string_view text,
                                         const std::string& source) {
  const LaunchCommand command = find_launch(tables, text, source);
  migrate::LaunchRecord record;
  record.family = command.table.family;
  record.version = command.version;
  for (const ShellScript::Export& one : command.script.exports) {
    if (is_name(one.name)) set(record, one.name, {one.value.text(), !one.value.known()});  // a shell refuses others
  }
  for (const ShellWord& word : command.before) {
    if (record.wrapper.empty() && take_assignment(word, record)) continue;
    record.wrapper.push_back({word.text, word.expands});
  }
  if (!record.wrapper.empty() && !command.launcher.empty() && command.launcher.front().text == "-m") {  // python3 -m
    record.launcher.push_back(std::move(record.wrapper.back()));
    record.wrapper.pop_back();
  }
  for (const ShellWord& word : command.launcher) record.launcher.push_back({word.text, word.expands});
  record.items = migrate::launch_items(command.table, command.arguments);
  return record;
}

}  // namespace socle::setup
