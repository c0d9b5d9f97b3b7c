#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/kernel/kernel_tables.hpp"

namespace socle::kernel {

/// A measured curve of a group that spreads over nodes.
struct AcrossCurve {
  CollectiveCurve curve;
  int nodes = 2;
};

/// Collectives that someone measured on one chip in one place (`collectives/<chip>.toml`, written by
/// `socle fabric calibrate`). What it holds takes the place of the chip's own curves.
struct CollectiveFile {
  std::string chip;
  std::string source;
  std::vector<CollectiveCurve> curves;  ///< inside one node; sorted
  std::vector<AcrossCurve> across;
  std::optional<double> nic_fraction;  ///< of the nominal NIC rate, that large messages reached
  std::optional<Seconds> nic_latency;  ///< of one message between nodes
};

/// Throws `InputError` naming `source_name`, line and key.
CollectiveFile parse_collective_file(std::string_view toml_text, const std::string& source_name);

/// The same as text. `parse_collective_file` reads it back.
std::string write_collective_file(const CollectiveFile& file);

}  // namespace socle::kernel
