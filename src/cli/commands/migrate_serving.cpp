#include <filesystem>
#include <utility>

#include "cli/commands/commands.hpp"
#include "cli/commands/migrate.hpp"
#include "cli/files.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/migrate_serving.hpp"

namespace socle::cli {
namespace {

constexpr const char* kTaken[] = {"--model",  "--config", "--concurrency",  "--input",
                                  "--output", "--seed",   "--num-requests", "--ignore-keys"};

/// The script's name for a target: run.sh is run-h20.sh.
std::string script_name(const std::string& path, const std::string& chip) {
  const std::filesystem::path name(path);
  return (name.parent_path() / (name.stem().string() + "-" + chip + name.extension().string())).string();
}

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--script"});
  api::MigrateServingRequest request{.launch_text = {},
                                     .launch_name = "COMMAND",
                                     .from = arguments.text("--from"),
                                     .to = arguments.text("--to"),
                                     .rents = arguments.text("--rents"),
                                     .day = arguments.text("--day")};
  if (arguments.words.empty() || arguments.words.front().empty())
    throw InputError(Problem{
        {}, 0, 0, "COMMAND", "no launch command; write it in quotes, or name its script or the folder of a model"});
  request.launch_text = arguments.words.front();
  std::error_code unknown;
  if (std::filesystem::is_directory(request.launch_text, unknown)) {
    request.launch_name = std::exchange(request.launch_text, {});
  } else if (std::filesystem::is_regular_file(request.launch_text, unknown) ||
             request.launch_text.find_first_of(" \t\n") == std::string::npos) {
    request.launch_name = request.launch_text;
    request.launch_text = files.read(request.launch_name);
  }
  for (const char* flag : kTaken) {
    if (const auto value = arguments.value(flag)) request.flags[flag] = *value;
  }
  request.facts_name = arguments.text("--facts");
  if (!request.facts_name.empty()) request.facts_text = files.read(request.facts_name);
  request.read_file = files.beside({});
  const api::MigrateServingAnswer answer =
      api::migrate_serving(api::load_catalog(arguments.text("--catalog")), request, &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer),
                  api::holds(answer) ? kAnswer : kNoFeasiblePlan};
  if (!files.wants("--script")) return outcome;
  for (auto& [chip, script] : api::scripts(answer)) {
    const std::string path = script_name(arguments.text("--script"), chip);
    std::error_code none;
    if (std::filesystem::equivalent(path, request.launch_name, none))
      throw InputError(
          Problem{{}, 0, 0, "--script", "--script would overwrite " + request.launch_name + "; name another"});
    outcome.files.push_back({path, std::move(script)});
  }
  return outcome;
}

}  // namespace

Command migrate_serving_command() {
  return {.words_name = "COMMAND|SCRIPT|FOLDER",
          .words_max = 1,
          .options = {{"--from", "CHIP", "Chip that serves today"},
                      {"--to", "CHIPS", "Chips to move to, with a comma between"},
                      {"--model", "NAME", "Model of the catalogue, where the command's name is a path"},
                      {"--config", "FILE", "Hugging Face config.json, in place of a name"},
                      {"--concurrency", "N", "Requests under way at once; default 32"},
                      {"--input", "LENGTHS", "Prompt tokens; default 1024"},
                      {"--output", "LENGTHS", "Tokens to generate; default 256"},
                      {"--rents", "RENTS", "Of a chip and hour, of --from and of each of --to: '2 USD,1 USD'"},
                      {"--day", "DAY", "Day of the export rules, such as 2026-06-30; default: the newest rules"},
                      {"--facts", "FILE.csv",
                       "Your own rows: columns engine, hardware, kind, item, status; they go before the built-in ones"},
                      {"--script", "OUT.sh", "Write a launch script for each target: OUT-CHIP.sh"},
                      json_option(),
                      catalog_option()},
          .examples = {"socle migrate serving 'vllm serve Qwen/Qwen3-32B -tp 4 --max-model-len 32768' --from h100-sxm "
                       "--to ascend-910c,h20"},
          .run = run};
}

}  // namespace socle::cli
