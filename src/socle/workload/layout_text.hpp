#pragma once

#include <string>
#include <vector>

#include "socle/workload/layout.hpp"

namespace socle::workload {

/// Names in scenarios, flags and results, in the order of their enumerations.
const std::vector<std::string>& schedule_names();
const std::vector<std::string>& recompute_names();
const std::vector<std::string>& context_exchange_names();
const std::vector<std::string>& sharding_names();
const std::vector<std::string>& attention_names();

/// One line, e.g. "tp 8 sp, pp 16, vpp 8, cp 1, dp 128, microbatch 1, interleaved, recompute none, zero1".
/// Sizes of one are left out, but for tp, pp and dp.
std::string layout_text(const workload::Layout& layout);

/// The same in a few columns, for tables: "tp8sp pp16x8 cp2 dp64 mb1 interleaved none zero1".
std::string layout_code(const workload::Layout& layout);

}  // namespace socle::workload
