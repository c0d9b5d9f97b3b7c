#include <filesystem>

#include "cli/commands/serve.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/serve.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {});
  Arguments flags = arguments;
  flags.words.clear();  // the words are logs, not a scenario
  const api::Request request = scenario_request(flags, scenario::Question::kServeFit, files);
  std::vector<api::BenchFile> logs;
  for (const std::string& log : arguments.words) logs.push_back({log, files.read(log)});
  const api::ServeCalibrateAnswer answer =
      api::serve_calibrate(api::load_catalog(arguments.text("--catalog")), request, logs, &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer)};
  if (const std::string directory = arguments.text("--out"); !directory.empty()) {
    const std::string path = answer.result.overlay_path();
    outcome.files.push_back({(std::filesystem::path(directory) / path).string(), answer.result.overlay, true});
    outcome.remarks = "written to " + directory + "/" + path + "; use it with --catalog " + directory + "\n";
  }
  return outcome;
}

}  // namespace

Command serve_calibrate_command() {
  std::vector<Option> options = scenario_options(scenario::Question::kServeFit);
  options.push_back({"--out", "DIR", "Write DIR/timing/FAMILY.toml, for --catalog DIR"});
  options.push_back(json_option());
  options.push_back(catalog_option());
  return {.words_name = "LOG...",
          .words_max = 1000,
          .options = std::move(options),
          .examples =
              {"socle serve calibrate examples/vllm-bench.json --model llama-3.1-8b --chip h100-sxm --engine vllm-0.19 "
               "--tp 1 --out my-catalog"},
          .run = run};
}

}  // namespace socle::cli
