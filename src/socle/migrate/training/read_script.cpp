#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/shell_script.hpp"
#include "socle/base/utf8.hpp"
#include "socle/migrate/training/read_launch.hpp"

namespace socle::migrate {
namespace {

constexpr int kDepthMax = 4;

std::string_view base_name(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

bool is_python(std::string_view word) {
  const std::string_view name = base_name(word);
  return name.starts_with("python") && name.find_first_not_of("python0123456789.") == std::string_view::npos;
}

bool is_launcher(std::string_view word) {
  const std::string_view name = base_name(word);
  return name == "torchrun" || name == "deepspeed" || name == "msrun" || is_python(name);
}

/// A script that trains, by its name: the rest of a job's commands are none.
bool trains(std::string_view script, bool distributed) {
  const std::string_view name = base_name(script);
  for (const char* other : {"preprocess", "convert", "download", "setup.py", "inference", "evaluat"}) {
    if (name.find(other) != std::string_view::npos) return false;
  }
  if (distributed) return true;
  for (const char* word : {"train", "finetune", "run_recipe", "sft", "gpt", "pretrain"}) {
    if (name.find(word) != std::string_view::npos) return true;
  }
  return false;
}

/// A text that a command runs as a script: bash -c 'TEXT', eval WORDS.
struct Inner {
  std::string text;
  std::size_t words = 0;  ///< before it
  int line = 0;
};
std::optional<Inner> inner_script(const std::vector<ShellText>& words) {
  if (words[0].text() == "eval") {
    Inner inner{{}, 0, words[0].line};
    for (std::size_t i = 1; i < words.size(); ++i) inner.text += (i > 1 ? " " : "") + words[i].text();
    return inner;
  }
  for (std::size_t i = 0; i + 2 < words.size(); ++i) {
    const std::string shell(base_name(words[i].text()));
    const std::string flag = words[i + 1].text();
    if ((shell == "bash" || shell == "sh") && flag.starts_with("-") && flag.ends_with("c"))
      return Inner{words[i + 2].text(), i + 2, words[i + 2].line};
  }
  return std::nullopt;
}

/// The launch in a command's words, or nothing.
std::optional<JobRecord> launch_in(const ArgumentPack& pack, const ScriptCommand& command) {
  const std::vector<ShellText>& words = command.words;
  JobRecord record;
  std::size_t at = 0;
  while (at < words.size() && !is_launcher(words[at].text())) ++at;
  if (at == words.size()) return std::nullopt;
  record.wrapper.assign(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at));
  record.launcher.push_back(words[at++]);
  bool distributed = !is_python(record.launcher[0].text());
  if (!distributed) {
    while (at < words.size() && words[at].text() == "-u") record.launcher.push_back(words[at++]);
    if (at + 1 < words.size() && words[at].text() == "-m" && words[at + 1].text().starts_with("torch.distributed")) {
      record.launcher.push_back(words[at++]);
      record.launcher.push_back(words[at++]);
      distributed = true;
    }
  }
  record.launch = read_launcher_arguments(words, at);
  if (at >= words.size()) return std::nullopt;
  const bool module = words[at].text() == "-m" || words[at].text() == "--module";
  if (module) record.script.push_back(words[at++]);
  if (at >= words.size()) return std::nullopt;
  record.script.push_back(words[at++]);
  const std::string script = record.script.back().text();
  if (!module && !script.ends_with(".py") && record.script.back().known()) return std::nullopt;
  if (!trains(script, distributed)) return std::nullopt;
  const std::vector<ShellText> rest(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
  const bool overrides =
      script.find("run_recipe") != std::string::npos ||
      std::any_of(rest.begin(), rest.end(), [](const ShellText& word) { return word.text() == "--recipe"; });
  record.arguments = read_arguments(pack, rest, overrides);
  record.line = command.line;
  return record;
}

void read_documents(const ShellScript& script, JobRecord& record) {
  for (const ScriptDocument& document : script.documents) {
    const bool titan = document.path.ends_with(".toml");
    if (!titan && document.text.find("train_") == std::string::npos &&
        document.text.find("zero_optimization") == std::string::npos) {
      record.notes.push_back({document.line, fmt::format("the file {} that the script writes is not carried over",
                                                         printable(document.path))});
      continue;
    }
    try {
      const JobText text{document.text, record.file};
      JobRecord settings = titan ? read_titan_toml(text) : read_deepspeed_json(text);
      for (JobSetting& setting : settings.settings) setting.line += document.line - 1;
      record.settings = std::move(settings.settings);
    } catch (const InputError&) {
      record.notes.push_back(
          {document.line, fmt::format("the file {} holds what only a run knows: give it as a file of its own",
                                      printable(document.path))});
    }
  }
}

struct Found {
  JobRecord record;
  std::size_t command;
  bool uncertain;
};

/// What an inner shell does before its launch. Exports of known texts are the job's; others each node works out.
void put_inside(const ShellScript& script, std::size_t launch, int line, JobRecord& record) {
  std::vector<std::vector<ShellText>> inside;
  for (const auto& value : script.exports) {
    if (value.value.known()) {
      record.environment.push_back({value.name, {value.value}, line, 1});
      continue;
    }
    ShellText word(value.name + "=");
    for (const ShellPiece& piece : value.value.pieces) word.add({piece.text, piece.live, piece.quoted});
    inside.push_back({ShellText("export"), std::move(word)});
  }
  for (std::size_t k = 0; k < launch; ++k) {
    inside.push_back(script.commands[k].words);
    inside.back().insert(inside.back().end(), script.commands[k].tail.begin(), script.commands[k].tail.end());
  }
  inside.insert(inside.end(), record.inside.begin(), record.inside.end());
  record.inside = std::move(inside);
  for (const auto& note : script.notes) record.notes.push_back({line, note.text});
}

std::vector<Found> launches_of(const ArgumentPack& pack, const std::vector<ScriptCommand>& commands,
                               const std::string& source, int depth) {
  std::vector<Found> found;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const ScriptCommand& command = commands[i];
    const auto inner = depth < kDepthMax ? inner_script(command.words) : std::nullopt;
    if (inner) {
      const ShellScript script = read_shell_script(inner->text, source);
      for (Found& one : launches_of(pack, script.commands, source, depth + 1)) {
        std::vector<ShellText> wrapper(command.words.begin(),
                                       command.words.begin() + static_cast<std::ptrdiff_t>(inner->words));
        wrapper.insert(wrapper.end(), one.record.wrapper.begin(), one.record.wrapper.end());
        one.record.wrapper = std::move(wrapper);
        put_inside(script, one.command, command.line, one.record);
        one.record.line = command.line;
        for (Argument& argument : one.record.arguments) argument.line = inner->line;
        one.command = i;
        one.uncertain = one.uncertain || command.uncertain;
        if (command.words[0].text() == "eval") {
          one.record.before.insert(one.record.before.end(), one.record.inside.begin(), one.record.inside.end());
          one.record.inside.clear();
        }
        const bool wrapped = !one.record.wrapper.empty() && one.record.wrapper.back().text() == "-c";
        one.record.tail_inside = wrapped && !one.record.tail.empty();
        if (one.record.tail_inside && !command.tail.empty())
          one.record.notes.push_back({command.line, "where the output of the wrapper goes is not carried over"});
        if (one.record.tail.empty()) one.record.tail = command.tail;
        found.push_back(std::move(one));
      }
      continue;
    }
    auto record = launch_in(pack, command);
    if (!record) continue;
    record->tail = command.tail;
    for (const auto& [name, value] : command.environment)
      record->environment.push_back({name, {value}, command.line, command.column});
    found.push_back({std::move(*record), i, command.uncertain});
  }
  return found;
}

std::size_t chosen(const std::vector<Found>& found, const JobText& text, int wanted) {
  if (wanted > static_cast<int>(found.size()) || wanted < 0)
    throw InputError(Problem{text.name, 0, 0, "--launch",
                             fmt::format("--launch = {}, but {} launches are there", wanted, found.size())});
  if (wanted > 0) return static_cast<std::size_t>(wanted) - 1;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i].uncertain) return i;
  }
  return 0;
}

/// Speaks to whoever runs the script, and changes nothing.
bool only_speaks(const ScriptCommand& command) {
  const std::string word = command.words[0].text();
  return word == "echo" || word == "printf" || word == "wait" || word == "exit" || word == "date";
}

}  // namespace

JobRecord read_script(const ArgumentPack& pack, const JobText& text, const ReadOptions& options) {
  const ShellScript script = read_shell_script(text.text, text.name);
  std::vector<Found> found = launches_of(pack, script.commands, text.name, 0);
  if (found.empty())
    throw InputError(
        Problem{text.name,
                0,
                0,
                {},
                "no launch of a training job stands here: a command with torchrun, deepspeed or python and a "
                "script that trains, such as torchrun pretrain_gpt.py --num-layers 32"});
  const std::size_t which = chosen(found, text, options.launch);
  Found& taken = found[which];
  JobRecord record = std::move(taken.record);
  record.file = text.name;
  std::vector<Argument> environment;
  for (const auto& value : script.exports) environment.push_back({value.name, {value.value}, value.line, value.column});
  environment.insert(environment.end(), record.environment.begin(), record.environment.end());
  record.environment = std::move(environment);
  std::vector<std::vector<ShellText>> before;
  for (std::size_t i = 0; i < script.commands.size(); ++i) {
    const ScriptCommand& command = script.commands[i];
    if (i == taken.command || only_speaks(command)) continue;
    const bool other = std::any_of(found.begin(), found.end(), [&](const Found& one) { return one.command == i; });
    if (other) {
      record.notes.push_back({command.line, "another launch, not taken: --launch N takes the N-th"});
    } else if (command.uncertain || i > taken.command) {
      record.notes.push_back(
          {command.line, fmt::format("\"{}\" is not carried over: it stands {}", printable(command.words[0].text(), 40),
                                     command.uncertain ? "under a condition" : "behind the launch")});
    } else {
      before.push_back(command.words);
      before.back().insert(before.back().end(), command.tail.begin(), command.tail.end());
    }
  }
  before.insert(before.end(), record.before.begin(), record.before.end());
  record.before = std::move(before);
  if (taken.uncertain)
    record.notes.push_back({record.line, "the launch stands under a condition, in a loop or in a function"});
  for (const auto& note : script.notes) record.notes.push_back({note.line, note.text});
  read_documents(script, record);
  record.framework = options.framework.empty() ? guessed_framework(pack, record) : options.framework;
  std::stable_sort(record.notes.begin(), record.notes.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  return record;
}

}  // namespace socle::migrate
