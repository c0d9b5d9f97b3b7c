#include "socle/catalog/launch_flags.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/toml_reader.hpp"

namespace socle::catalog {
namespace {

constexpr const char* kFolder = "launch/";
constexpr std::string_view kSuffix = ".toml";

const std::vector<std::string>& value_names() {
  static const std::vector<std::string> names{"one", "none", "boolean", "list", "json"};
  return names;
}

const std::vector<std::string>& matters_names() {
  static const std::vector<std::string> names{"memory", "speed", "memory, speed"};
  return names;
}

std::string matters_of(const TomlTable& table) {
  const auto index = table.optional_choice("matters", matters_names());
  return index ? matters_names()[static_cast<std::size_t>(*index)] : std::string();
}

LaunchFlag read_taken(const TomlTable& table) {
  LaunchFlag flag{.names = table.optional_strings("names").value_or(std::vector<std::string>{}),
                  .use = LaunchUse::kTaken,
                  .takes = table.required_string("takes"),
                  .matters = matters_of(table),
                  .why = table.required_string("why")};
  if (flag.names.empty()) table.problem("names", "names: write the flag's spellings, the one to emit first");
  flag.value = static_cast<LaunchValue>(table.optional_choice("value", value_names()).value_or(0));
  return flag;
}

/// A group of flags that are left for one reason.
void read_left(const TomlTable& table, std::vector<LaunchFlag>& flags) {
  constexpr std::pair<const char*, LaunchValue> kKinds[] = {{"values", LaunchValue::kOne},
                                                            {"switches", LaunchValue::kNone},
                                                            {"booleans", LaunchValue::kBoolean},
                                                            {"lists", LaunchValue::kList},
                                                            {"json", LaunchValue::kJson}};
  const std::string matters = matters_of(table), why = table.required_string("why");
  for (const auto& [key, value] : kKinds) {
    for (const std::string& name : table.optional_strings(key).value_or(std::vector<std::string>{}))
      flags.push_back({.names = {name},
                       .value = value,
                       .use = matters.empty() ? LaunchUse::kIgnored : LaunchUse::kUnmodelled,
                       .takes = {},
                       .matters = matters,
                       .why = why});
  }
}

std::string plain(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

LaunchTable parse_table(std::string_view text, const std::string& source, std::string family) {
  const TomlDocument document = TomlDocument::parse(text, source);
  const TomlTable root = document.root();
  const auto list = [&](const char* key) { return root.optional_strings(key).value_or(std::vector<std::string>{}); };
  LaunchTable table{.family = std::move(family),
                    .name = root.required_string("name"),
                    .commands = list("commands"),
                    .modules = list("modules"),
                    .images = {},
                    .families = list("families"),
                    .positional_model = root.boolean_or("positional_model", false),
                    .flags = {},
                    .source = root.required_string("source"),
                    .checked = root.required_string("checked")};
  for (const TomlTable& image : root.tables("images"))
    table.images.push_back(
        {image.required_string("name"), image.required_string("family"), image.boolean_or("starts", false)});
  for (const TomlTable& one : root.tables("take")) table.flags.push_back(read_taken(one));
  for (const TomlTable& one : root.tables("leave")) read_left(one, table.flags);
  std::set<std::string> seen;
  for (const LaunchFlag& flag : table.flags) {
    for (const std::string& name : flag.names) {
      if (!seen.insert(plain(name)).second) root.problem("source", fmt::format("{} stands here twice", name));
    }
  }
  document.finish();
  return table;
}

}  // namespace

const LaunchFlag* LaunchTable::find(std::string_view name) const {
  const std::string wanted = plain(name);
  for (const LaunchFlag& flag : flags) {
    for (const std::string& one : flag.names) {
      if (plain(one) == wanted) return &flag;
    }
  }
  return nullptr;
}

std::vector<std::string> LaunchTable::names() const {
  std::vector<std::string> list;
  for (const LaunchFlag& flag : flags) {
    for (const std::string& name : flag.names) {
      list.push_back(name);
      if (flag.value == LaunchValue::kBoolean && name.starts_with("--")) list.push_back("--no-" + name.substr(2));
    }
  }
  return list;
}

std::vector<LaunchTable> load_launch_tables(const Catalog& catalog) {
  std::vector<LaunchTable> tables;
  Problems problems;
  const std::size_t from = std::string_view(kFolder).size();
  for (const std::string& path : catalog.paths_under(kFolder)) {
    if (!path.ends_with(kSuffix)) continue;
    try {
      tables.push_back(parse_table(catalog.text_of(path), catalog.source_of(path),
                                   path.substr(from, path.size() - from - kSuffix.size())));
    } catch (const InputError& error) { problems.add(error.problems()); }
  }
  problems.throw_if_any();
  return tables;
}

const LaunchTable* launch_table(const std::vector<LaunchTable>& tables, std::string_view family) {
  for (const LaunchTable& table : tables) {
    if (std::find(table.families.begin(), table.families.end(), family) != table.families.end()) return &table;
  }
  return nullptr;
}

}  // namespace socle::catalog
