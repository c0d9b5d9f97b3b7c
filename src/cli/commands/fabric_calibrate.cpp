#include <filesystem>

#include "cli/commands/fabric.hpp"
#include "cli/files.hpp"
#include "cli/numbers.hpp"
#include "socle/api/catalog.hpp"
#include "socle/api/fabric.hpp"

namespace socle::cli {
namespace {

constexpr int kMany = 10'000'000;

Outcome run(const Arguments& arguments, Context&) {
  const Files files(arguments, {});
  answer::CalibrateQuestion question{.logs = {},
                                     .collective = arguments.text("--collective"),
                                     .gpu = arguments.text("--gpu"),
                                     .ranks = whole_number(arguments, "--gpus", 0, 2, kMany),
                                     .nodes = whole_number(arguments, "--nodes", 0, 1, kMany),
                                     .nic = arguments.text("--nic")};
  for (const std::string& log : arguments.words) question.logs.push_back({log, files.read(log)});
  const api::CalibrateAnswer answer = api::calibrate_fabric(api::load_catalog(arguments.text("--catalog")), question);
  Outcome outcome{arguments.has("--json") ? api::json(answer) : api::text(answer)};
  for (const std::string& remark : answer.result.remarks) outcome.remarks += remark + "\n";
  const std::string directory = arguments.text("--out"), overlay = answer.result.overlay_text();
  if (!directory.empty() && overlay.empty()) {
    outcome.remarks += "nothing to lay over the catalogue, so --out wrote no file\n";
  } else if (!directory.empty()) {
    const std::string path = answer.result.overlay_path();
    outcome.files.push_back({(std::filesystem::path(directory) / path).string(), overlay, true});
    outcome.remarks += "written to " + directory + "/" + path + "; use it with --catalog " + directory + "\n";
  }
  return outcome;
}

}  // namespace

Command calibrate_command() {
  return {.words_name = "LOG...",
          .words_max = 1000,
          .options = {{"--collective", "NAME", "Which collective the logs are of, where they do not say", "Logs"},
                      {"--gpu", "CHIP", "Chip, in place of the logs' device", "Logs"},
                      {"--gpus", "N", "GPUs that took part, in place of the logs' ranks", "Logs"},
                      {"--nodes", "M", "Nodes they stood on, in place of the logs' hosts", "Logs"},
                      {"--nic", "RATE", "Nominal rate of one GPU's NICs, such as \"400 Gb/s\"", "Logs"},
                      {"--out", "DIR", "Write DIR/collectives/CHIP.toml, for --catalog DIR"},
                      json_option(),
                      catalog_option()},
          .examples = {"socle fabric calibrate examples/nccl-all-reduce-8xh100.log --out my-catalog"},
          .run = run};
}

}  // namespace socle::cli
