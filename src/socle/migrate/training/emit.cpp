#include "socle/migrate/training/emit.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/shell_words.hpp"
#include "socle/base/utf8.hpp"
#include "socle/migrate/training/framework.hpp"
#include "socle/migrate/training/requirements.hpp"

namespace socle::migrate {

#define SOCLE_EMIT(function, name, file, help)                    \
  JobRecord function##_adapt(const JobRecord&, const EmitPlace&); \
  std::string function(const JobRecord&, const EmitPlace&);
#include "socle/migrate/training/emit_formats.def"
#undef SOCLE_EMIT

namespace {

[[noreturn]] void refuse(const char* key, std::string message) {
  throw InputError(Problem{{}, 0, 0, key, std::move(message)});
}

std::string words_text(const std::vector<ShellText>& words) {
  std::string text;
  for (const ShellText& word : words) text += (text.empty() ? "" : " ") + word.source();
  return text;
}

/// An argument as words of a script: KEY=VALUE for settings, the rest apart.
std::string argument_text(const Argument& argument) {
  const bool override = !argument.name.empty() && argument.name[0] != '-';
  if (override && argument.values.empty()) return shell_quoted(argument.name);
  if (override)
    return shell_quoted(argument.name) + "=" + (argument.values[0].pieces.empty() ? "" : argument.values[0].source());
  std::string text = argument.name.empty() ? "" : shell_quoted(argument.name);
  for (const ShellText& value : argument.values) text += (text.empty() ? "" : " ") + value.source();
  return text;
}

/// Settings of DeepSpeed nested again.
Json nested(const std::vector<JobSetting>& settings) {
  Json root = Json::object();
  for (const JobSetting& setting : settings) {
    std::vector<std::string> keys;
    for (std::size_t at = 0; at <= setting.path.size();) {
      const std::size_t end = std::min(setting.path.find('.', at), setting.path.size());
      keys.push_back(setting.path.substr(at, end - at));
      at = end + 1;
    }
    const std::function<void(Json&, std::size_t)> place = [&](Json& node, std::size_t depth) {
      if (depth + 1 == keys.size()) {
        node.set(keys[depth], parse_json(setting.value, setting.path));
        return;
      }
      const Json* there = node.find(keys[depth]);
      Json child = there && there->is_object() ? *there : Json::object();
      place(child, depth + 1);
      node.set(keys[depth], std::move(child));
    };
    place(root, 0);
  }
  return root;
}

/// Settings of torchtitan by section; keys without one first.
std::string titan_text(const std::vector<JobSetting>& settings) {
  std::string text, section;
  for (const JobSetting& setting : settings) {
    const std::size_t dot = setting.path.find_last_of('.');
    const std::string name = dot == std::string::npos ? "" : setting.path.substr(0, dot);
    if (name != section) text += fmt::format("[{}]\n", name);
    section = name;
    text += fmt::format("{} = {}\n", setting.path.substr(dot == std::string::npos ? 0 : dot + 1), setting.value);
  }
  return text;
}

/// The file of settings that the launch names, or the usual one.
std::string settings_file(const JobRecord& record) {
  const bool titan = record.framework == "torchtitan";
  for (const char* name : {"--deepspeed_config", "--deepspeed-config", "--deepspeed", "--job.config_file"}) {
    const auto value = record.value(name);
    if (value && (value->ends_with(".json") || value->ends_with(".toml")) && value->find(' ') == std::string::npos)
      return *value;
  }
  return titan ? "train.toml" : "ds_config.json";
}

std::string settings_text(const JobRecord& record) {
  return record.framework == "torchtitan" ? titan_text(record.settings) : nested(record.settings).dump() + "\n";
}

std::vector<ShellText> usual_script(const std::string& framework) {
  const Framework& known = framework_of(framework, "--framework");
  if (known.style == LaunchStyle::kTorchTitan) return {ShellText("-m"), ShellText(known.script)};
  return {ShellText(known.script)};
}

}  // namespace

const std::vector<EmitFormat>& emit_formats() {
#define SOCLE_EMIT(function, name, file, help) {name, file, help, function##_adapt, function},
  static const std::vector<EmitFormat> kAll{
#include "socle/migrate/training/emit_formats.def"
  };
#undef SOCLE_EMIT
  return kAll;
}

const EmitFormat& emit_format(const std::string& name) {
  std::string all;
  for (const EmitFormat& format : emit_formats()) {
    if (format.name == name) return format;
    all += (all.empty() ? "" : ", ") + format.name;
  }
  refuse("--emit", fmt::format("--emit = \"{}\"; write {}, with commas between", printable(name, 40), all));
}

LaunchFile emitted(const EmitFormat& format, const JobRecord& record, const EmitPlace& place) {
  const JobRecord adapted = format.adapt(record, place);
  EmitPlace known = place;  // what the launch says, where a scheduler fills it in later
  if (!known.nodes) known.nodes = nodes_of(record);
  if (!known.per_node) known.per_node = processes_of(record);
  return {format.file, format.emit(adapted, known)};
}

std::string script_lines(const JobRecord& record) {
  std::string text;
  for (const Argument& variable : record.environment)
    text +=
        fmt::format("export {}={}\n", variable.name,
                    variable.values.empty() || variable.values[0].pieces.empty() ? "" : variable.values[0].source());
  for (const std::vector<ShellText>& words : record.before) text += words_text(words) + "\n";
  if (!record.settings.empty())
    text +=
        fmt::format("cat > {} <<'SETTINGS'\n{}SETTINGS\n", shell_quoted(settings_file(record)), settings_text(record));
  constexpr const char* kGoesOn = " \\\n  ";
  std::string launch = words_text(record.launcher);
  for (const Argument& argument : record.launch) launch += kGoesOn + argument_text(argument);
  launch += kGoesOn + words_text(record.script);
  for (const Argument& argument : record.arguments) launch += kGoesOn + argument_text(argument);
  std::string inside;
  for (const std::vector<ShellText>& words : record.inside) inside += words_text(words) + "\n";
  const bool in_shell = !record.wrapper.empty() && record.wrapper.back().text() == "-c";
  const bool tail_inside = in_shell && record.tail_inside && !record.tail.empty();
  if (tail_inside) launch += " " + words_text(record.tail);
  if (!record.wrapper.empty()) text += words_text(record.wrapper) + " ";
  text += in_shell ? shell_quoted(inside + launch) : launch;
  if (!record.tail.empty() && !tail_inside) text += " " + words_text(record.tail);
  return text + "\n";
}

JobRecord launched_by(const JobRecord& record, const Rendezvous& by) {
  JobRecord made = record;
  if (made.launcher.empty()) made.launcher = {ShellText("torchrun")};
  if (made.script.empty()) made.script = usual_script(made.framework);
  const bool names_file = std::any_of(made.arguments.begin(), made.arguments.end(), [](const Argument& one) {
    return one.name.starts_with("--deepspeed") || one.name == "--job.config_file";
  });
  if (!made.settings.empty() && !names_file) {
    const bool titan = made.framework == "torchtitan";
    if (!titan) made.arguments.push_back({.name = "--deepspeed"});
    made.arguments.push_back(
        {.name = titan ? "--job.config_file" : "--deepspeed_config", .values = {ShellText(settings_file(made))}});
  }
  const bool asked = !by.nodes.empty() || !by.processes.empty();
  const bool single = asked && made.launcher[0].text() != "torchrun" && made.launch.empty() && made.launcher.size() < 3;
  if (single) made.launcher = {ShellText("torchrun")};
  std::vector<Argument> kept;
  for (Argument& argument : made.launch) {
    std::string name = argument.name;
    std::replace(name.begin(), name.end(), '-', '_');
    const auto is = [&](std::initializer_list<const char*> names) {
      return std::any_of(names.begin(), names.end(), [&](const char* one) { return name == one; });
    };
    const bool replaced = (!by.nodes.empty() && is({"__nnodes", "__num_nodes"})) ||
                          (!by.processes.empty() && is({"__nproc_per_node", "__num_gpus"})) ||
                          (!by.rank.empty() && is({"__node_rank"})) ||
                          (!by.address.empty() && is({"__master_addr", "__rdzv_endpoint", "__rdzv_backend", "__rdzv_id",
                                                      "__standalone", "__hostfile"})) ||
                          (!by.port.empty() && is({"__master_port"}));
    if (!replaced) kept.push_back(std::move(argument));
  }
  const auto add = [&](const char* name, const std::string& text) {
    if (text.empty()) return;
    kept.push_back({name, {text[0] == '$' ? ShellText::live(text, true) : ShellText(text)}, 0, 0});
  };
  add("--nnodes", by.nodes);
  add("--nproc_per_node", by.processes);
  add("--node_rank", by.rank);
  add("--master_addr", by.address);
  add("--master_port", by.port);
  made.launch = std::move(kept);
  return made;
}

int nodes_in(const JobRecord& record, const EmitPlace& place) {
  const auto nodes = place.nodes ? place.nodes : nodes_of(record);
  if (!nodes || *nodes < 1) refuse("--nodes", "the launch does not say on how many nodes it runs; add --nodes N");
  return *nodes;
}

int processes_in(const JobRecord& record, const EmitPlace& place) {
  const auto processes = place.per_node ? place.per_node : processes_of(record);
  if (!processes || *processes < 1)
    refuse("--per-node", "the launch does not say how many processes a node runs; add --per-node N");
  return *processes;
}

JobRecord emit_sh_adapt(const JobRecord& record, const EmitPlace& place) {
  const auto text = [](const std::optional<int>& number) { return number ? std::to_string(*number) : std::string(); };
  Rendezvous by{.nodes = text(place.nodes), .processes = text(place.per_node)};
  if (record.launcher.empty())
    by = {by.nodes.empty() ? "${NNODES:-1}" : by.nodes, "${NODE_RANK:-0}", "${MASTER_ADDR:-localhost}",
          "${MASTER_PORT:-6000}", by.processes.empty() ? "${GPUS_PER_NODE:-8}" : by.processes};
  return launched_by(record, by);
}
std::string emit_sh(const JobRecord& record, const EmitPlace&) { return "#!/bin/bash\n" + script_lines(record); }

JobRecord emit_bridge_adapt(const JobRecord& record, const EmitPlace& place) {
  if (record.framework != "megatron-bridge")
    refuse("--emit", "bridge writes Megatron-Bridge's overrides: add --framework megatron-bridge");
  return emit_sh_adapt(record, place);
}
std::string emit_bridge(const JobRecord& record, const EmitPlace& place) { return emit_sh(record, place); }

JobRecord emit_environment_adapt(const JobRecord& record, const EmitPlace&) {
  JobRecord made;
  made.framework = record.framework;
  made.environment = record.environment;
  return made;
}
std::string emit_environment(const JobRecord& record, const EmitPlace&) {
  std::string text;
  for (const Argument& variable : record.environment)
    text +=
        fmt::format("export {}={}\n", variable.name,
                    variable.values.empty() || variable.values[0].pieces.empty() ? "" : variable.values[0].source());
  return text;
}

JobRecord emit_deepspeed_adapt(const JobRecord& record, const EmitPlace&) {
  if (record.settings.empty())
    refuse("--emit", "deepspeed-json writes DeepSpeed's settings, and there are none: add --framework deepspeed");
  JobRecord made;
  made.framework = "deepspeed";
  made.settings = record.settings;
  return made;
}
std::string emit_deepspeed(const JobRecord& record, const EmitPlace&) { return settings_text(record); }

}  // namespace socle::migrate
