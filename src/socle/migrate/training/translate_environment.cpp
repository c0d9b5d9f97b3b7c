#include <algorithm>

#include <fmt/format.h>

#include "socle/migrate/training/framework.hpp"
#include "socle/migrate/training/translate.hpp"

namespace socle::migrate {
namespace {

struct Column {
  std::string Platform::*member;
  const char* name;
  const char* what;
};
constexpr Column kColumns[] = {{&Platform::visible_devices, "visible_devices", "which devices a process sees"},
                               {&Platform::allocator, "allocator", "how the allocator of PyTorch works"},
                               {&Platform::socket, "socket", "which network interface the collectives' set-up takes"}};

Translated line_of(const Argument& argument, std::string prefix = {}) {
  Translated line;
  line.item = prefix + argument.name;
  line.value = argument.text();
  line.line = argument.line;
  return line;
}

void say(Translated& line, Change change, std::string why, Status status, Evidence evidence, std::string source) {
  line.change = change;
  line.why = std::move(why);
  line.status = status;
  line.evidence = evidence;
  line.source = std::move(source);
}

/// A variable that each platform has under a name of its own.
bool by_platform(const TrainingFacts& facts, const Argument& variable, const Platform& to, Translated& line,
                 std::vector<Argument>& made) {
  for (const Column& column : kColumns) {
    const bool known = std::any_of(facts.platforms.begin(), facts.platforms.end(),
                                   [&](const Platform& platform) { return platform.*column.member == variable.name; });
    if (!known) continue;
    const std::string& name = to.*column.member;
    if (name.empty()) {
      say(line, Change::kNoEquivalent, fmt::format("{}: no name on {} is known", column.what, to.name),
          Status::kUnknown, Evidence::kE0, to.source);
      return true;
    }
    const bool unseen = std::find(to.unverified.begin(), to.unverified.end(), column.name) != to.unverified.end();
    say(line, name == variable.name ? Change::kSame : Change::kRenamed, column.what,
        unseen ? Status::kPartial : Status::kSupported, unseen ? Evidence::kE0 : Evidence::kE2, to.source);
    line.to_item = name;
    line.to_value = line.value;
    made.push_back({name, variable.values, variable.line, 0});
    return true;
  }
  return false;
}

bool looks_like_platform(const std::string& name) {
  for (const char* head : {"CUDA_", "NCCL_", "TORCH_", "PYTORCH_", "NVIDIA_", "NV_", "HIP_", "ROCM_", "RCCL_", "HSA_",
                           "ROCR_", "MUSA_", "MCCL_", "MLU_", "CNCL_"}) {
    if (name.starts_with(head)) return true;
  }
  return false;
}

void variables(const TrainingFacts& facts, const JobRecord& record, const Passage& passage, const Platform* to,
               Translation& made) {
  std::vector<Argument> list;
  for (const Argument& variable : record.environment) {
    Translated line = line_of(variable);
    const TrainingRule* rule = nullptr;
    if (!to) {
      say(line, Change::kSame, "the platform stays", Status::kSupported, Evidence::kE0, "the launch itself");
    } else if (by_platform(facts, variable, *to, line, list)) {
      made.items.push_back(std::move(line));
      continue;
    } else if ((rule = facts.rules.find(true, passage, variable.name, line.value, record))) {
      say(line, rule->change, rule->why, rule->status, rule->evidence, rule->source);
      if (rule->becomes.empty()) {
        made.items.push_back(std::move(line));
        continue;
      }
      line.to_item = rule->becomes[0].first == "{item}" ? variable.name : rule->becomes[0].first;
      line.to_value = line.value;
      list.push_back({line.to_item, variable.values, variable.line, 0});
      made.items.push_back(std::move(line));
      continue;
    } else if (looks_like_platform(variable.name)) {
      say(line, Change::kUnknown, "speaks of a platform, and no pack knows it", Status::kUnknown, Evidence::kE0,
          "training-rules.csv");
      made.items.push_back(std::move(line));
      continue;
    } else {
      say(line, Change::kSame, "kept: no pack knows it", Status::kUnknown, Evidence::kE0, "the launch itself");
    }
    line.to_item = variable.name;
    line.to_value = line.value;
    list.push_back(variable);
    made.items.push_back(std::move(line));
  }
  for (const TrainingRule* rule : facts.rules.additions(true, passage, record)) {
    const auto& [name, value] = rule->becomes[0];
    if (std::any_of(list.begin(), list.end(), [&, key = name](const Argument& one) { return one.name == key; }))
      continue;
    Translated line;
    say(line, Change::kAdded, rule->why, rule->status, rule->evidence, rule->source);
    line.to_item = name;
    line.to_value = value;
    list.push_back({name, {ShellText(value)}, 0, 0});
    made.items.push_back(std::move(line));
  }
  if (to && matches_framework("deepspeed", passage.to)) {
    std::erase_if(list, [](const Argument& one) { return one.name == "DS_ACCELERATOR"; });
    Translated line;
    say(line, Change::kAdded, "picks DeepSpeed's backend",
        to->torch_device.empty() ? Status::kUnknown : Status::kSupported, Evidence::kE1,
        "deepspeedai/DeepSpeed@edaa722126 accelerator/real_accelerator.py");
    line.to_item = "DS_ACCELERATOR";
    line.to_value = to->torch_device;
    if (!to->torch_device.empty()) list.push_back({"DS_ACCELERATOR", {ShellText(to->torch_device)}, 0, 0});
    made.items.push_back(std::move(line));
  }
  made.record.environment = std::move(list);
}

/// Commands before the launch stay, but for those that speak of the platform left behind.
void commands(const JobRecord& record, const Platform* to, Translation& made) {
  std::vector<std::vector<ShellText>> kept;
  for (const std::vector<ShellText>& words : record.before) {
    Translated line;
    for (const ShellText& word : words) line.item += (line.item.empty() ? "" : " ") + word.text();
    line.line = words[0].line;
    const bool sets_up = line.item.find("/usr/local/Ascend") != std::string::npos;
    const bool cuda = line.item.find("cuda") != std::string::npos || line.item.find("nvidia-smi") != std::string::npos;
    if (to && ((sets_up && to->key != "ascend") || (cuda && to->key != "cuda"))) {
      say(line, Change::kDroppedHarmless, "sets up the platform that is left", Status::kSupported, Evidence::kE0,
          "recall");
    } else {
      say(line, Change::kSame, "kept: a command before the launch", Status::kSupported, Evidence::kE0,
          "the launch itself");
      line.to_item = line.item;
      kept.push_back(words);
    }
    made.items.push_back(std::move(line));
  }
  const bool has = std::any_of(record.before.begin(), record.before.end(), [](const auto& words) {
    return std::any_of(words.begin(), words.end(),
                       [](const ShellText& word) { return word.text().ends_with("set_env.sh"); });
  });
  if (to && to->key == "ascend" && !has) {
    Translated line;
    say(line, Change::kAdded, "where CANN is installed by default; yours may differ", Status::kPartial, Evidence::kE0,
        "recall");
    line.to_item = "source /usr/local/Ascend/ascend-toolkit/set_env.sh";
    made.items.push_back(std::move(line));
    kept.insert(kept.begin(), {ShellText("source"), ShellText("/usr/local/Ascend/ascend-toolkit/set_env.sh")});
  }
  made.record.before = std::move(kept);
}

/// torchrun is everywhere; other launchers and scripts of one's own are said.
void launcher(const JobRecord& record, const Passage& passage, Translation& made) {
  const Framework& to = framework_of(passage.to, "framework");
  Translated line;
  for (const ShellText& word : record.launcher) line.item += (line.item.empty() ? "" : " ") + word.text();
  line.line = record.line;
  if (!record.launcher.empty()) {
    const bool torch = line.item.find("torch") != std::string::npos || line.item.find("python") != std::string::npos;
    const bool stays = torch || passage.from == passage.to;
    say(line, stays ? Change::kSame : Change::kRenamed,
        stays ? "PyTorch's launcher is the same there" : "PyTorch's launcher", Status::kSupported, Evidence::kE1,
        "launch formats of each framework");
    line.to_item = stays ? line.item : "torchrun";
    if (!stays) {
      made.record.launcher = {ShellText("torchrun")};
      for (Argument& argument : made.record.launch) {
        if (argument.name == "--num_gpus") argument.name = "--nproc_per_node";
        if (argument.name == "--num_nodes") argument.name = "--nnodes";
      }
    }
    made.items.push_back(std::move(line));
  }
  if (record.script.empty()) return;
  Translated script;
  for (const ShellText& word : record.script) script.item += (script.item.empty() ? "" : " ") + word.text();
  script.line = record.line;
  const std::string name = script.item.substr(script.item.find_last_of("/ ") + 1);
  const bool megatrons =
      framework_of(passage.from, "framework").style == LaunchStyle::kMegatron && to.style == LaunchStyle::kMegatron;
  if (passage.from == passage.to || (megatrons && name == "pretrain_gpt.py")) {
    say(script, Change::kSame, "the entry script has the same name", Status::kSupported, Evidence::kE2, to.repository);
    script.to_item = script.item;
  } else if (to.style == LaunchStyle::kBridge || (to.style == LaunchStyle::kMegatron && !megatrons)) {
    say(script, Change::kRenamed, "the entry script of the target", Status::kSupported, Evidence::kE1, to.repository);
    made.record.script = {ShellText(to.script)};
    script.to_item = to.script;
  } else {
    say(script, Change::kUnknown, "an entry script of its own: port it", Status::kUnknown, Evidence::kE0,
        to.repository);
    script.to_item = script.item;
  }
  made.items.push_back(std::move(script));
}

}  // namespace

void translate_environment(const TrainingFacts& facts, const JobRecord& record, const Passage& passage,
                           Translation& made) {
  const Platform* to = find_platform(facts.platforms, passage.platform);
  launcher(record, passage, made);
  variables(facts, record, passage, to, made);
  commands(record, to, made);
}

}  // namespace socle::migrate
