#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/column_facts.hpp"
#include "socle/base/quantity.hpp"

namespace socle::workload {

/// One node out of service.
struct Fault {
  std::uint32_t node = 0;  ///< index into the names
  std::uint32_t kind = 0;  ///< index into the kinds
  Seconds down, up;        ///< from the first fault of the trace; up is later than down
};

/// Faults of nodes as they were recorded, in the order of (down, node).
struct FaultTrace {
  std::vector<std::string> nodes, kinds;
  std::vector<Fault> faults;
  Seconds length;  ///< until the last repair of the trace
};

/// Columns of a fault trace.
const std::vector<ColumnFacts>& fault_columns();

/// Reads a CSV with the columns node, down, up and, if wanted, class. Times are hours, or dates such as 2026-03-01
/// 14:05:30 in one time zone, all of one kind. Throws InputError with every problem: a node or a time is missing or
/// cannot be read; up is not behind down; two faults of one node overlap; a trace without faults or of more than a
/// century.
FaultTrace parse_fault_trace(std::string_view text, const std::string& source);

}  // namespace socle::workload
