#include "cli/commands/serve.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/serve.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context&) {
  const Files files(arguments, {});
  api::Request request = scenario_request(arguments, scenario::Question::kServeFit, files);
  read_from(arguments, files, request);
  const api::ServeFitAnswer answer =
      api::serve_fit(api::load_catalog(arguments.text("--catalog")), request, arguments.text("--assume"));
  return {arguments.has("--json") ? api::json(answer) : api::text(answer),
          api::holds(answer) ? kAnswer : kNoFeasiblePlan};
}

}  // namespace

Option assume_option() {
  return {"--assume", "CHIP.FACT=V,..", "Suppose facts that are not public, such as kunlunxin-p800.memory=\"64 GB\"",
          "Cluster", false};
}

Command serve_fit_command() {
  std::vector<Option> options = scenario_options(scenario::Question::kServeFit);
  options.push_back(from_option());
  options.push_back(assume_option());
  options.push_back(json_option());
  options.push_back(catalog_option());
  return {.words_name = "[SCENARIO.toml]",
          .words_max = 1,
          .options = std::move(options),
          .examples = {"socle serve fit --model llama-3.1-70b --chip h100-sxm --max-model-len 32k",
                       "socle serve fit examples/serve-fit.toml",
                       "socle serve fit --chip h100-sxm --from 'vllm serve meta-llama/Llama-3.1-70B -tp 4'"},
          .run = run};
}

}  // namespace socle::cli
