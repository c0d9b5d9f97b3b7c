#include "socle/api/serve_mix.hpp"
#include "cli/commands/serve.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context&) {
  const Files files(arguments, {});
  if (arguments.words.empty())
    throw InputError(Problem{{}, 0, 0, "mix", "socle serve mix takes a table: socle serve mix MIX.csv"});
  const std::string& name = arguments.words.front();
  const api::ChipMixAnswer answer =
      api::chip_mix({.table_text = files.read(name), .table_name = name, .slices = arguments.text("--slices")});
  return {arguments.has("--json") ? api::json(answer) : api::text(answer),
          api::holds(answer) ? kAnswer : kNoFeasiblePlan};
}

}  // namespace

Command serve_mix_command() {
  return {.words_name = "MIX.csv",
          .words_max = 1,
          .options = {{"--slices", "N", "Into which each bucket may be split over kinds; default 1", "Output", true},
                      json_option()},
          .examples = {"socle serve mix examples/serve-mix.csv", "socle serve mix examples/serve-mix.csv --slices 4"},
          .run = run};
}

}  // namespace socle::cli
