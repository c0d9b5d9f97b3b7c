#include "socle/answer/risk/transfer.hpp"

#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"

namespace socle::answer {

TransferResult transfer(const catalog::Jurisdiction& from, catalog::Transfer transfer, std::string day) {
  if (transfer.to == from.code)
    throw InputError(Problem{
        {}, 0, 0, "to", fmt::format("--to = {} is where the data is; write the country that it goes to", transfer.to)});
  TransferResult result{.from = from.name,
                        .from_code = from.code,
                        .transfer = std::move(transfer),
                        .day = std::move(day),
                        .verdict = {},
                        .assumptions = {}};
  result.verdict = catalog::transfer_need(from, result.transfer, result.day);
  result.assumptions.push_back(
      fmt::format("Rules of {} alone; those of where the data arrives are not in the catalogue.", from.name));
  result.assumptions.push_back("Taken from the sources named, mostly second-hand: ask a lawyer before data moves.");
  return result;
}

}  // namespace socle::answer
