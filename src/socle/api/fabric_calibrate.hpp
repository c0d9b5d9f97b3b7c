#pragma once

#include <string>
#include <vector>

#include "socle/catalog/catalog.hpp"

namespace socle::api {

/// One log of nccl-tests.
struct FabricLog {
  std::string name;    ///< what messages call it
  std::string text;
};

struct FabricCalibrationRequest {
  std::vector<FabricLog> logs;            ///< one or more
  std::string collective;                 ///< where the logs do not say; empty: they do
  std::string gpu;                        ///< in place of the logs' device; empty: theirs
  int ranks = 0, nodes = 0;               ///< in place of the logs' ranks and hosts; 0: theirs
  std::string nic;                        ///< nominal rate of one chip's NICs, per direction, e.g. "400 Gb/s"; empty: not given
  bool json = false;
};

struct FabricCalibration {
  std::string text;           ///< table of at most 100 columns, or one JSON document
  std::string remarks;        ///< what was left out, and why; may be empty
  std::string overlay_path;   ///< below a directory for `--catalog`, e.g. "collectives/h100-sxm.toml"
  std::string overlay_text;   ///< empty when no curve can be laid over the catalogue
};

/// Start-up latency, achieved bandwidth and half-size of each collective in a user's own logs, with the fit's error by
/// size, and the curves as a file of the catalogue. Throws InputError for logs that cannot be read, that leave open which
/// collective, chip or group they are of, that are of several chips, or whose figures contradict each other.
FabricCalibration calibrate_fabric(const catalog::Catalog& catalog, const FabricCalibrationRequest& request);

}  // namespace socle::api
