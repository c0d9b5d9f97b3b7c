#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/answer/validate/collective_case.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/kernel/collective_file.hpp"
#include "socle/kernel/collective_fit.hpp"

namespace socle::answer {

/// One log of nccl-tests.
struct FabricLog {
  std::string name;  ///< what messages call it
  std::string text;
};

/// What `socle fabric calibrate` is asked.
struct CalibrateQuestion {
  std::vector<FabricLog> logs;  ///< one or more
  std::string collective;       ///< where the logs do not say; empty: they do
  std::string gpu;              ///< in place of the logs' device; empty: theirs
  int ranks = 0, nodes = 0;     ///< in place of the logs' ranks and hosts; 0: theirs
  std::string nic;              ///< nominal rate of one chip's NICs, per direction, e.g. "400 Gb/s"; empty: not given
};

/// Sizes by which errors are told apart: bounds in bytes, and names.
inline constexpr std::array<double, 5> kSizeClassBounds = {0, 65536, 1e6, 16777216, 1e300};
inline constexpr std::array<const char*, 4> kSizeClassNames = {"< 64 KiB", "< 1 MB", "< 16 MiB", "larger"};

/// All measurements of one collective on one group, and the line through them: time = start + bytes / rate.
struct Sweep {
  std::string_view title;  ///< "all-reduce"
  CollectiveKind kind = CollectiveKind::kAllReduce;
  int ranks = 0, nodes = 1;
  std::vector<kernel::CollectivePoint> points;
  kernel::CollectiveLine line;
  std::array<std::optional<double>, 4> error;  ///< mean absolute, by size class

  /// Bus bandwidth of large buffers, in GB/s.
  double bus_gb_s() const;
};

/// The answer to `socle fabric calibrate`.
struct CalibrateResult {
  std::string chip;                  ///< slug
  std::vector<Sweep> sweeps;         ///< by collective, ranks, nodes
  kernel::CollectiveFile curves;     ///< what may be laid over the catalogue
  std::string nic;                   ///< as asked
  std::vector<std::string> remarks;  ///< what was left out, and why

  /// Below a directory for `--catalog`, e.g. "collectives/h100-sxm.toml".
  std::string overlay_path() const { return "collectives/" + chip + ".toml"; }
  /// The curves as a file of the catalogue; empty when none can be laid over it.
  std::string overlay_text() const;
};

/// Start-up latency, achieved bandwidth and half-size of each collective in a user's own logs, with the fit's error by
/// size. Throws InputError for logs that cannot be read, that leave open which collective, chip or group they are of,
/// that are of several chips, or whose figures contradict each other.
CalibrateResult calibrate_fabric(const catalog::Catalog& catalog, const CalibrateQuestion& question);

}  // namespace socle::answer
