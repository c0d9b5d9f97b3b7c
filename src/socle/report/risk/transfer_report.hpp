#pragma once

#include <string>
#include <vector>

#include "socle/answer/risk/transfer.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// For people: at most 100 columns.
std::string transfer_text(const answer::TransferResult& result);
/// Schema `socle.risk.transfer/1`.
Json transfer_json(const answer::TransferResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
