#include <algorithm>

#include "cli/commands/commands.hpp"
#include "cli/commands/migrate.hpp"
#include "cli/files.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/migrate.hpp"
#include "socle/api/migrate_move.hpp"

namespace socle::cli {
namespace {

constexpr int kPathsMax = 1000, kTargetsMost = 3;

Outcome run_cuda(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--diff"});
  api::MigrateCodeRequest request{.paths = arguments.words, .to = arguments.text("--to")};
  if (std::count(request.to.begin(), request.to.end(), ',') >= kTargetsMost)
    throw InputError(Problem{{}, 0, 0, "--to", "--to takes three targets at a time, so that they fit side by side"});
  request.names_name = arguments.text("--names");
  if (!request.names_name.empty()) request.names_text = files.read(request.names_name);
  request.patch = files.wants("--diff");
  const api::CodeAnswer answer =
      api::migrate_cuda(api::load_catalog(arguments.text("--catalog")), request, &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer),
                  api::holds(answer) ? kAnswer : kNoFeasiblePlan};
  if (request.patch) outcome.files.push_back(files.file("--diff", answer.result.patch));
  return outcome;
}

Outcome run_targets(const Arguments& arguments, Context&) {
  const api::PlatformsAnswer answer = api::migrate_targets(api::load_catalog(arguments.text("--catalog")));
  return {arguments.has("--json") ? api::json(answer) : api::text(answer)};
}

Command cuda_command() {
  return {
      .words_name = "PATH...",
      .words_max = kPathsMax,
      .options = {{"--to", "TARGETS", "hip, musa, maca, supa, cnrt, ascend, with commas between"},
                  {"--diff", "OUT.patch", "Write renames and headers as a unified diff, for hip or musa: patch -p1"},
                  {"--names", "FILE.csv",
                   "Your own rows: columns cuda, hip, hip_status, musa, musa_status; they go before the built-in ones"},
                  json_option(),
                  catalog_option()},
      .examples = {"socle migrate cuda examples/migrate-cuda --to hip,musa"},
      .run = run_cuda};
}

Command targets_command() {
  return {.options = {json_option(), catalog_option()}, .examples = {"socle migrate targets"}, .run = run_targets};
}

}  // namespace

std::vector<NamedCommand> migrate_questions() {
  return {{"serving",
           "A launch command of vLLM, SGLang or TensorRT-LLM on other chips: what breaks, how fast, at what rent.",
           migrate_serving_command()},
          {"cuda", "CUDA, C++ and PyTorch sources on HIP, MUSA and others; nothing is executed.", cuda_command()},
          {"torch", "PyTorch sources on Ascend, name by name, by the pages of torch_npu.", migrate_torch_command()},
          {"arguments", "Arguments of training between frameworks and releases: what came, went and is renamed.",
           migrate_arguments_command()},
          {"training", "A launch of Megatron, DeepSpeed or torchtitan elsewhere; nothing is executed.",
           migrate_training_command()},
          {"onnx", "ONNX models on backends: which nodes run where, what stands in the way.", onnx_command()},
          {"targets", "What is known of each platform, from where, and how old it is.", targets_command()}};
}

namespace {

/// What `socle migrate` without a question does: every input on every target.
Outcome run_all(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--html"});
  api::MoveRequest request{.inputs = arguments.words,
                           .from = arguments.text("--from"),
                           .to = arguments.text("--to"),
                           .rents = arguments.text("--rents"),
                           .day = arguments.text("--day")};
  for (const char* flag : {"--concurrency", "--input", "--output"}) {
    if (const auto value = arguments.value(flag)) request.flags[flag] = *value;
  }
  request.read_file = files.beside({});
  const api::MoveAnswer answer =
      api::migrate(api::load_catalog(arguments.text("--catalog")), request, &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer),
                  api::holds(answer) ? kAnswer : kNoFeasiblePlan};
  if (files.wants("--html")) outcome.files.push_back(files.file("--html", api::html(answer)));
  return outcome;
}

}  // namespace

Command migrate_command() {
  return {
      .words_name = "INPUT...",
      .words_max = kPathsMax,
      .options = {{"--from", "CHIP", "Chip that is left, or its platform, such as cuda, where no speed is asked for"},
                  {"--to", "TARGETS", "Chips, or platforms such as hip, with a comma between"},
                  {"--concurrency", "N", "Requests to a served model under way at once; default 32"},
                  {"--input", "LENGTHS", "Their prompt tokens; default 1024"},
                  {"--output", "LENGTHS", "Tokens to generate; default 256"},
                  {"--rents", "RENTS", "Of a chip and hour, of --from and of each of --to: '2 USD,1 USD'"},
                  {"--day", "DAY", "Day of the export rules, such as 2026-06-30; default: the newest rules"},
                  {"--html", "OUT.html", "Write one page with everything in it"},
                  json_option(),
                  catalog_option()},
      .examples = {"socle migrate examples/migrate-serving/r1-h200.sh examples/migrate-cuda --from h200-sxm --to "
                   "ascend-910c,mi300x"},
      .run = run_all};
}

}  // namespace socle::cli
