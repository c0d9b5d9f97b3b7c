#pragma once

#include <string>
#include <vector>

#include "socle/catalog/transfer_need.hpp"

namespace socle::answer {

/// What `socle risk transfer` asks: data of one jurisdiction that leaves it.
struct TransferResult {
  std::string from, from_code;  ///< the jurisdiction's name and code
  catalog::Transfer transfer;
  std::string day;
  catalog::TransferVerdict verdict;
  std::vector<std::string> assumptions;
};

/// Judges a transfer by the rules of where it leaves. Throws InputError when it does not leave.
TransferResult transfer(const catalog::Jurisdiction& from, catalog::Transfer transfer, std::string day);

}  // namespace socle::answer
