#include "socle/api/migrate_training.hpp"

#include <algorithm>
#include <charconv>

#include "cli/commands/migrate.hpp"
#include "cli/files.hpp"
#include "socle/api/catalog.hpp"

namespace socle::cli {
namespace {

constexpr int kLaunchesMax = 8;

/// A word with blanks in it is a command, any other one a file.
std::vector<migrate::JobText> launches(const Arguments& arguments, const Files& files) {
  std::vector<migrate::JobText> texts;
  for (const std::string& word : arguments.words) {
    const bool command = word.find_first_of(" \n") != std::string::npos;
    texts.push_back({command ? word : files.read(word), command ? "COMMAND" : word});
  }
  return texts;
}

std::vector<std::string> listed(const std::string& text) {
  return text.empty() ? std::vector<std::string>{} : split_list(text);
}

std::optional<int> count(const Arguments& arguments, const char* name) {
  if (!arguments.has(name)) return std::nullopt;
  const std::string text = arguments.text(name);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > 1'000'000)
    throw InputError(Problem{{}, 0, 0, name, std::string(name) + " takes a whole number from 1 to 1,000,000"});
  return number;
}

Outcome run_arguments(const Arguments& arguments, Context&) {
  const Files files(arguments, {});
  const api::ArgumentsAnswer answer =
      api::migrate_arguments(api::load_catalog(arguments.text("--catalog")),
                             {arguments.text("--from"), arguments.text("--to"), launches(arguments, files)});
  return {arguments.has("--json") ? api::json(answer) : api::text(answer)};
}

Outcome run_training(const Arguments& arguments, Context&) {
  const Files files(arguments, {"--scenario"});
  answer::TrainingQuestion question{.texts = launches(arguments, files), .to = listed(arguments.text("--to"))};
  question.framework = arguments.text("--framework");
  question.from = arguments.text("--from");
  question.launch = count(arguments, "--launch").value_or(0);
  question.emit = listed(arguments.text("--emit"));
  question.nodes = count(arguments, "--nodes");
  question.per_node = count(arguments, "--per-node");
  question.scenario = arguments.text("--scenario");
  question.rules_name = arguments.text("--rules");
  if (!question.rules_name.empty()) question.rules = files.read(question.rules_name);
  const std::string folder = arguments.text("--out");
  if (question.emit.empty() != folder.empty() && !arguments.has("--json"))
    throw InputError(Problem{{}, 0, 0, "--emit", "--emit FORMAT and --out DIR go together"});
  const api::TrainingAnswer answer = api::migrate_training(api::load_catalog(arguments.text("--catalog")), question);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer),
                  api::holds(answer) ? kAnswer : kNoFeasiblePlan};
  const bool several = answer.result.targets.size() > 1;
  for (const answer::TrainingTarget& target : answer.result.targets) {
    for (const migrate::LaunchFile& file : target.files) {
      if (!folder.empty())
        outcome.files.push_back({folder + "/" + (several ? target.asked + "/" : "") + file.name, file.text, true});
    }
  }
  if (answer.result.scenario) {
    outcome.files.push_back(files.file("--scenario", answer.result.scenario->toml()));
    const std::string& path = question.scenario;
    outcome.files.push_back({(path.ends_with(".toml") ? path.substr(0, path.size() - 5) : path) + ".config.json",
                             answer.result.scenario->config});
  }
  return outcome;
}

}  // namespace

Command migrate_arguments_command() {
  return {
      .words_name = "[FILE|COMMAND...]",
      .words_max = kLaunchesMax,
      .options = {{"--from", "FRAMEWORK",
                   "megatron-main, megatron-0.12, mindspeed, mindspeed-llm, megatron-bridge, deepspeed or torchtitan"},
                  {"--to", "FRAMEWORK", "The same"},
                  json_option(),
                  catalog_option()},
      .examples = {"socle migrate arguments --from megatron-0.12 --to megatron-main"},
      .run = run_arguments};
}

Command migrate_training_command() {
  return {.words_name = "FILE|COMMAND...",
          .words_max = kLaunchesMax,
          .options = {{"--to", "TARGETS",
                       "Platforms, chips or nodes, with commas between: ascend, ascend-910c, atlas-800t-a3"},
                      {"--framework", "NAME",
                       "Framework of the target; default: mindspeed-llm on Ascend, else that of the launch"},
                      {"--from", "NAME", "Framework of the launch; default: the one that takes most of its arguments"},
                      {"--launch", "N", "Which of several launches in a script; default: the first"},
                      {"--emit", "FORMATS",
                       "sh, sbatch, volcano, trainjob, lws, deepspeed-json, bridge, yaml, env, with commas between"},
                      {"--out", "DIR", "Folder for the files of --emit"},
                      {"--nodes", "N", "Nodes of the target; default: those of the launch"},
                      {"--per-node", "N", "Processes of a node; default: those of the launch"},
                      {"--rules", "FILE.csv",
                       "Your own rules: columns item, change, becomes, from, to, platform, why; they go first"},
                      {"--scenario", "OUT.toml",
                       "Write the job as a scenario, with a config.json beside it: socle train OUT.toml"},
                      json_option(),
                      catalog_option()},
          .examples = {"socle migrate training examples/migrate-training/llama-70b.sh --to ascend-910c"},
          .run = run_training};
}

}  // namespace socle::cli
