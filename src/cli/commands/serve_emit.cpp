#include <algorithm>
#include <filesystem>

#include "cli/commands/serve.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/serve.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context&) {
  Arguments rest = arguments;  // without the target, a scenario's
  const std::string target = arguments.words.empty() ? std::string() : arguments.words.front();
  if (!rest.words.empty()) rest.words.erase(rest.words.begin());
  const Files files(rest, {});
  api::Request request = scenario_request(rest, scenario::Question::kServeEmit, files);
  read_from(rest, files, request);
  const api::ServeEmitAnswer answer =
      api::serve_emit(api::load_catalog(rest.text("--catalog")), request, target, rest.text("--assume"));
  const bool plain = !rest.has("--json") && api::holds(answer);
  return {rest.has("--json") ? api::json(answer) : api::text(answer),
          api::holds(answer) ? kAnswer : kNoFeasiblePlan,
          {},
          {},
          plain};
}

}  // namespace

Option from_option() {
  return {"--from", "COMMAND", "Take what is left out from a launch command, or from the script of this name",
          "Serving"};
}

void read_from(const Arguments& arguments, const Files& files, api::Request& request) {
  const auto from = arguments.value("--from");
  if (!from) return;
  std::error_code unknown;
  const bool spoken = from->find_first_of(" \t\n") != std::string::npos;
  if (spoken && !std::filesystem::is_regular_file(*from, unknown)) {
    request.launch_text = *from;
    request.launch_name = "--from";
    return;
  }
  if (from->empty())
    throw InputError(Problem{{}, 0, 0, "--from", "--from is empty; write a launch command, or the name of its script"});
  request.launch_text = files.read(*from);
  request.launch_name = *from;
}

Command serve_emit_command() {
  std::vector<Option> options = scenario_options(scenario::Question::kServeEmit);
  options.push_back(from_option());
  options.push_back(assume_option());
  options.push_back(json_option());
  options.push_back(catalog_option());
  return {.words_name = "vllm|sglang|trtllm|k8s [SCENARIO.toml]",
          .words_max = 2,
          .options = std::move(options),
          .examples = {"socle serve emit vllm --model llama-3.1-70b --chip h100-sxm --max-model-len 32k",
                       "socle serve emit k8s examples/serve-fit.toml --replicas 2"},
          .run = run};
}

}  // namespace socle::cli
