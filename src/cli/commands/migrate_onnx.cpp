#include "socle/api/migrate_onnx.hpp"
#include "cli/commands/migrate.hpp"
#include "cli/files.hpp"
#include "cli/numbers.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/face.hpp"

namespace socle::cli {
namespace {

constexpr int kModelsMax = 1000;

Outcome run_onnx(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--rows"});
  api::MigrateOnnxRequest request{.paths = arguments.words, .to = arguments.text("--to")};
  request.operators_name = arguments.text("--operators");
  if (!request.operators_name.empty()) request.operators_text = files.read(request.operators_name);
  const auto catalog = api::load_catalog(arguments.text("--catalog"));
  const api::OnnxAnswer answer = api::migrate_onnx(catalog, request, &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer),
                  api::holds(answer) ? kAnswer : kNoFeasiblePlan};
  if (files.wants("--rows")) outcome.files.push_back(files.file("--rows", api::onnx_rows(answer)));
  if (!files.wants("--golden") && (arguments.has("--dim") || arguments.has("--seed")))
    throw InputError(Problem{{}, 0, 0, "--golden", "--dim and --seed make inputs for --golden; name its folder too"});
  if (!files.wants("--golden")) return outcome;
  const std::string folder = arguments.text("--golden");
  const auto seed = static_cast<std::uint32_t>(whole_number(arguments, "--seed", 1, 0, 1'000'000'000));
  for (api::PackFile& file :
       api::onnx_golden_pack(catalog, answer, request.paths.front(), arguments.text("--dim"), seed))
    outcome.files.push_back({folder + "/" + file.name, std::move(file.content), true});
  return outcome;
}

}  // namespace

Command onnx_command() {
  return {.words_name = "MODEL.onnx|FOLDER...",
          .words_max = kModelsMax,
          .options = {{"--to", "BACKENDS",
                       "Backends (cann_graph, ort_musa, tensorrt, ...) or platforms (ascend, musa, "
                       "hip, cuda, intel) with commas between; all"},
                      {"--rows", "OUT.csv", "Write one line per model, backend and kind of node"},
                      {"--operators", "FILE.csv",
                       "Your own rows: columns backend, op, status; domain, from, to, types, unless, note as needed; "
                       "they go before the built-in ones"},
                      {"--golden", "DIR",
                       "Write an acceptance pack of one model: inputs, tolerances, and accept.py, which runs the model "
                       "on a CPU and on the target and compares"},
                      {"--dim", "SIZES",
                       "Sizes that the model leaves open, for --golden: batch=1,x:2=640; else 1 for a "
                       "first axis and 64 for others"},
                      {"--seed", "N", "Of the inputs of --golden; default 1"},
                      json_option(),
                      catalog_option()},
          .examples = {"socle migrate onnx examples/migrate-onnx/text.onnx --to ascend,musa,hip"},
          .run = run_onnx};
}

}  // namespace socle::cli
