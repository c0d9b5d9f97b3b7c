#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/base/quantity.hpp"

namespace socle::comm {

/// One line of an nccl-tests table.
struct NcclPoint {
  Bytes buffer{};       ///< as nccl-tests counts it
  Seconds time{};       ///< out of place
  double bus_gb_s = 0;  ///< as printed, GB/s
  int line = 0;         ///< of the log
};

/// One test: its table, and what the lines before it say.
struct NcclRun {
  std::string collective;  ///< "all_reduce", "all_gather", ... as the program's name has it; empty when nothing says
  int ranks = 0;           ///< 0 when no "Rank" line says
  int nodes = 0;           ///< distinct hosts of those lines
  std::string device;      ///< name of the first rank's device; empty when nothing says
  int line = 0;            ///< of the table's heading
  std::vector<NcclPoint> points;  ///< one or more, sizes above zero, in the order of the log
};

/// Reads the text that nccl-tests prints, of one or more tests, also through mpirun's or Slurm's line prefixes. Columns
/// are found by the table's own heading; lines that belong to no table are passed over. Throws InputError with every
/// problem: no table at all, a table without rows, a row with other columns than its heading, figures that are not
/// finite or not above zero, wrong values counted. Any bytes are safe.
std::vector<NcclRun> parse_nccl_log(std::string_view text, const std::string& source_name);

}  // namespace socle::comm
