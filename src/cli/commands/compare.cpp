#include "cli/commands/commands.hpp"
#include "cli/numbers.hpp"
#include "cli/progress.hpp"
#include "cli/scenario_arguments.hpp"
#include "socle/api/catalog_api.hpp"
#include "socle/api/compare_api.hpp"
#include "socle/api/face.hpp"

namespace socle::cli {
namespace {

// Flags of a scenario that mean something else here, or nothing: the clusters are made from the chips, and one rent for all
// would say nothing.
bool taken(const std::string& flag) { return flag == "--chips" || flag == "--chip" || flag == "--cluster" || flag == "--slice" || flag == "--rent"; }

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (from <= list.size()) {
    const std::size_t comma = std::min(list.find(',', from), list.size());
    if (comma > from) parts.push_back(list.substr(from, comma - from));
    from = comma + 1;
  }
  return parts;
}

Outcome run(const Arguments& arguments) {
  api::CompareRequest request;
  read_scenario_arguments(arguments, request);
  for (const char* flag : {"--chips", "--chip", "--cluster"}) request.flags.erase(flag);
  request.chips = split(arguments.text("--chips"));
  request.count = whole_number(arguments, "--count", request.count, 1, 1'000'000);
  request.day = arguments.text("--day");
  request.json = arguments.has("--json");
  request.threads = thread_count(arguments);
  const auto catalog = api::load_catalog(arguments.text("--catalog"));
  const Progress progress("searching layouts of every chip");
  const api::CompareAnswer answer = api::compare(catalog, request);
  return {answer.text, answer.feasible ? kAnswer : kNoFeasiblePlan, {}};
}

}  // namespace

Command compare_command() {
  std::vector<Option> options{{"--chips", "A,B,C", "Chips to compare; the others are measured against the first"},
                              {"--count", "N", "Chips of each kind; default 64"},
                              {"--day", "YYYY-MM-DD", "Export rules in force on this day; default: the newest known"},
                              {"--json", "", "Print one JSON document instead of tables"},
                              {"--threads", "N", "Threads; default: all cores. The answer does not depend on it"},
                              {"--catalog", "DIR", "Lay the TOML files below DIR over the built-in catalogue"}};
  for (const api::ScenarioFlag& flag : api::scenario_flags()) {
    if (!taken(flag.name)) options.push_back({flag.name, flag.value_name, flag.help});
  }
  return {
      .words_name = "[SCENARIO.toml]",
      .words_max = 1,
      .options = options,
      .example = "socle compare --model llama-3-70b --chips h100-sxm,h20,ascend-910b",
      .run = run,
  };
}

}  // namespace socle::cli
