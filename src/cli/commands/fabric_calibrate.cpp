#include "cli/commands/fabric_calibrate.hpp"

#include <filesystem>

#include "cli/numbers.hpp"
#include "socle/api/catalog_api.hpp"
#include "socle/api/fabric_calibrate.hpp"
#include "socle/api/face.hpp"

namespace socle::cli {
namespace {

// DIR/collectives/CHIP.toml; the folder is made when it is missing.
void write_overlay(const std::string& directory, const api::FabricCalibration& calibration) {
  const std::filesystem::path path = std::filesystem::path(directory) / calibration.overlay_path;
  std::error_code failed;
  std::filesystem::create_directories(path.parent_path(), failed);
  if (failed) throw InputError(Problem{path.parent_path().string(), 0, 0, "--out", "cannot make this folder: " + failed.message() + "; name another with --out DIR"});
  write_file(path.string(), calibration.overlay_text);
}

}  // namespace

Outcome run_fabric_calibrate(const Arguments& arguments) {
  api::FabricCalibrationRequest request{.logs = {}, .collective = arguments.text("--collective"), .gpu = arguments.text("--gpu"),
                                        .ranks = whole_number(arguments, "--gpus", 0, 2, 10000000), .nodes = whole_number(arguments, "--nodes", 0, 1, 10000000),
                                        .nic = arguments.text("--nic"), .json = arguments.has("--json")};
  for (std::size_t i = 1; i < arguments.words.size(); ++i) request.logs.push_back({arguments.words[i], read_file(arguments.words[i])});
  api::FabricCalibration calibration = api::calibrate_fabric(api::load_catalog(arguments.text("--catalog")), request);
  const std::string directory = arguments.text("--out");
  if (!directory.empty() && calibration.overlay_text.empty()) {
    calibration.remarks += "nothing to lay over the catalogue, so --out wrote no file\n";
  } else if (!directory.empty()) {
    write_overlay(directory, calibration);
    calibration.remarks += "written to " + directory + "/" + calibration.overlay_path + "; use it with --catalog " + directory + "\n";
  }
  return {calibration.text, kAnswer, calibration.remarks};
}

std::vector<Option> fabric_calibrate_options() {
  return {{"--collective", "NAME", "Which collective the logs are of, where they do not say"},
          {"--gpu", "CHIP", "Chip, in place of the logs' device"},
          {"--gpus", "N", "GPUs that took part, in place of the logs' ranks"},
          {"--nodes", "M", "Nodes they stood on, in place of the logs' hosts"},
          {"--nic", "RATE", "Nominal rate of one GPU's NICs, e.g. \"400 Gb/s\""},
          {"--out", "DIR", "Write DIR/collectives/CHIP.toml, for --catalog DIR"}};
}

}  // namespace socle::cli
