#include <algorithm>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/shell_script.hpp"
#include "socle/base/utf8.hpp"
#include "socle/base/yaml_tree.hpp"
#include "socle/migrate/containers.hpp"
#include "socle/migrate/training/read_launch.hpp"

namespace socle::migrate {
namespace {

/// A text with ${NAME} in it as a shell would see it in double quotes.
ShellText with_variables(const YamlNode& node) {
  ShellText text({}, node.line, node.column);
  const std::string& all = node.text;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t name = i + 1;  // $NAME, as the runner of the tests expands it
    while (all[i] == '$' && name < all.size() &&
           (std::isalnum(static_cast<unsigned char>(all[name])) != 0 || all[name] == '_'))
      ++name;
    if (all[i] == '$' && name > i + 1) {
      text.add({"${" + all.substr(i + 1, name - i - 1) + "}", true, true});
      i = name;
      continue;
    }
    const std::size_t end = all.compare(i, 2, "${") == 0 ? all.find('}', i) : std::string::npos;
    const bool plain = end != std::string::npos && all.find_first_of("$`\"\\'", i + 2) >= end;
    if (plain && end > i + 2) {
      text.add({all.substr(i, end - i + 1), true, true});
      i = end + 1;
    } else {
      text.add({std::string(1, all[i++])});
    }
  }
  return text;
}

std::string one_line(const YamlNode& node);

Json json_of(const YamlNode& node) {
  if (node.is_list()) {
    Json list = Json::array();
    for (const YamlNode& item : node.items) list.push(json_of(item));
    return list;
  }
  if (node.is_map()) {
    Json map = Json::object();
    for (const auto& [key, member] : node.members) map.set(key, json_of(member));
    return map;
  }
  return node.kind == YamlNode::Kind::kNull ? Json() : Json(node.text);
}

std::string one_line(const YamlNode& node) { return json_of(node).dump(false); }

/// One argument of MODEL_ARGS: true is a switch, a list many values, null and false nothing.
void add_argument(const ArgumentPack& pack, const std::string& name, const YamlNode& node, JobRecord& record,
                  Problems& problems) {
  Argument argument{.name = name, .line = node.line, .column = node.column};
  const ArgumentFacts* facts = pack.find(name);
  const bool takes_words = facts && (facts->kind == ArgumentKind::kText || facts->kind == ArgumentKind::kUnknown);
  const auto earlier = std::find_if(record.arguments.begin(), record.arguments.end(),
                                    [&](const Argument& one) { return one.name == name; });
  if (earlier != record.arguments.end()) {
    record.notes.push_back({node.line, fmt::format("{} stands twice: the last one holds", printable(name))});
    record.arguments.erase(earlier);
  }
  if (!name.starts_with("-") && name.find('.') == std::string::npos) {
    problems.add(
        Problem{record.file, node.line, node.column, name,
                fmt::format("{} is no argument: they begin with --, or have dots as overrides do", printable(name))});
  } else if (node.is_map()) {
    problems.add(Problem{record.file, node.line, node.column, name,
                         fmt::format("{} has keys below it, where a value is expected", printable(name))});
  } else if (node.is_list()) {
    for (const YamlNode& item : node.items) {
      if (item.is_map() || item.is_list())
        problems.add(Problem{record.file, item.line, item.column, name, "lists in lists are no values"});
      argument.values.push_back(with_variables(item));
    }
    record.arguments.push_back(std::move(argument));
  } else if (node.kind == YamlNode::Kind::kNull || (!node.quoted && node.text == "false" && !takes_words)) {
    record.extras.push_back({"MODEL_ARGS." + name, node.kind == YamlNode::Kind::kNull ? "null" : "false", node.line});
    record.notes.push_back(
        {node.line, fmt::format("{} is {}: not given", name, node.kind == YamlNode::Kind::kNull ? "null" : "false")});
  } else {
    if (node.quoted || node.text != "true") argument.values.push_back(with_variables(node));
    record.arguments.push_back(std::move(argument));
  }
}

JobRecord read_tests(const ArgumentPack& pack, const YamlNode& root, const JobText& text, const ReadOptions& options) {
  JobRecord record{.file = text.name};
  Problems problems;
  for (const auto& [key, node] : root.members) {
    if (key == "MODEL_ARGS" && !node.is_list() && !node.is_scalar()) {
      for (const auto& [name, value] : node.members) add_argument(pack, name, value, record, problems);
    } else if (key == "ENV_VARS" && node.is_map()) {
      for (const auto& [name, value] : node.members) {
        if (value.is_map() || value.is_list())
          problems.add(Problem{text.name, value.line, value.column, name, "a variable of the environment is one text"});
        record.environment.push_back({name, {with_variables(value)}, value.line, value.column});
      }
    } else {
      record.extras.push_back({key, one_line(node), node.line});
    }
  }
  problems.throw_if_any();
  std::stable_partition(record.extras.begin(), record.extras.end(),
                        [](const JobSetting& extra) { return extra.path.starts_with("MODEL_ARGS."); });
  record.framework = options.framework.empty() ? guessed_framework(pack, record) : options.framework;
  if (record.framework.empty()) record.framework = "megatron-main";  // whose form this is
  return record;
}

}  // namespace

JobRecord read_launch_yaml(const ArgumentPack& pack, const JobText& text, const ReadOptions& options) {
  const std::vector<YamlNode> documents = parse_yaml(text.text, text.name, true);
  for (const YamlNode& document : documents) {
    if (document.find("MODEL_ARGS")) return read_tests(pack, document, text, options);
  }
  std::vector<ContainerLaunch> containers = container_launches(documents);
  std::erase_if(containers, [](const ContainerLaunch& one) { return !is_training_launch(one.script); });
  if (containers.empty())
    throw InputError(
        Problem{text.name,
                0,
                0,
                {},
                "no launch of a training job stands here: neither MODEL_ARGS nor a container whose command is one"});
  const ContainerLaunch& first = containers.front();
  JobRecord record = read_script(pack, {first.script, text.name}, options);
  std::vector<Argument> environment;
  for (const auto& [name, value] : first.environment)
    environment.push_back({name, {ShellText(value.text)}, value.line, value.column});
  record.environment.insert(record.environment.begin(), environment.begin(), environment.end());
  record.line = first.line;
  for (const ContainerLaunch& other : containers) {
    if (other.script != first.script)
      record.notes.push_back({other.line, "another container launches otherwise, not taken"});
  }
  return record;
}

}  // namespace socle::migrate
