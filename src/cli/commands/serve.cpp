#include "cli/commands/serve.hpp"
#include "cli/commands/commands.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/serve.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {"--load-svg", "--time-svg", "--requests", "--timeline"});
  api::Request request = scenario_request(arguments, scenario::Question::kServe, files);
  read_from(arguments, files, request);
  const answer::ServeOptions options{.curve = !arguments.has("--no-curve"),
                                     .keep_rows = arguments.has("--requests"),
                                     .timeline = arguments.has("--timeline")};
  const api::ServeAnswer answer = api::serve(api::load_catalog(arguments.text("--catalog")), request, options,
                                             arguments.text("--assume"), &context.progress);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer),
                  api::holds(answer) ? kAnswer : kNoFeasiblePlan};
  if (!api::holds(answer)) return outcome;
  if (files.wants("--load-svg")) outcome.files.push_back(files.file("--load-svg", api::load_svg(answer)));
  if (files.wants("--time-svg")) outcome.files.push_back(files.file("--time-svg", api::time_svg(answer)));
  if (files.wants("--requests")) outcome.files.push_back(files.file("--requests", api::requests_csv(answer)));
  if (files.wants("--timeline")) outcome.files.push_back(files.file("--timeline", api::timeline(answer)));
  return outcome;
}

}  // namespace

std::vector<NamedCommand> serve_questions() {
  return {
      {"fit", "Does a model fit: weights, cache, tokens, sequences, fewest chips, as the engine counts.",
       serve_fit_command()},
      {"plan", "Which chips, layout, formats, limits and how many replicas keep the objectives at the lowest cost.",
       serve_plan_command()},
      {"mix", "Which kinds of chips, how many of each, serve buckets of requests at the lowest price; exact.",
       serve_mix_command()},
      {"day", "Replicas over a day, fixed and scaled: what several models need together, and what is free at night.",
       serve_day_command()},
      {"emit", "The launch command of a configuration, or its manifests: vllm, sglang, trtllm, k8s; checked by fit.",
       serve_emit_command()},
      {"calibrate",
       "Fit an engine on your own results of vllm bench serve, sglang.bench_serving, GenAI-Perf or AIPerf.",
       serve_calibrate_command()}};
}

Command serve_command() {
  std::vector<Option> options = scenario_options(scenario::Question::kServe);
  options.push_back(from_option());
  options.push_back(assume_option());
  options.push_back({"--no-curve", "", "Only the stated load: no latency against load, no capacity"});
  options.push_back({"--load-svg", "FILE.svg", "Draw latency against load, with the load that keeps the objectives"});
  options.push_back({"--time-svg", "FILE.svg", "Draw requests and cache over time"});
  options.push_back({"--requests", "OUT.csv", "Write one line for each request"});
  options.push_back({"--timeline", "OUT.json", "Write the steps of every replica as a trace that Perfetto opens"});
  options.push_back(json_option());
  options.push_back(catalog_option());
  return {.words_name = "[SCENARIO.toml]",
          .words_max = 1,
          .options = std::move(options),
          .examples = {"socle serve --model llama-3.1-70b --chip h100-sxm --tp 4 --rate 5 --input 1024 --output 256",
                       "socle serve examples/serve-chat.toml --load-svg load.svg"},
          .run = run};
}

}  // namespace socle::cli
