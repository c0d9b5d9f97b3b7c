#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/data_rule.hpp"

namespace socle::catalog {

/// A transfer of data across a border, as far as it is known.
struct Transfer {
  std::string to;                           ///< code of the country, "SG"
  std::optional<double> persons{};          ///< whose data that is not sensitive left since 1 January
  std::optional<double> sensitive{};        ///< whose sensitive data did
  std::optional<bool> critical_operator{};  ///< of critical information infrastructure
  std::optional<bool> important_data{};     ///< notified or published as such
  std::optional<bool> recipient_covered{};  ///< by a finding for some recipients of its country only
  std::string ground{};                     ///< one of `transfer_grounds`; empty: none
};

/// What a transfer needs.
struct TransferVerdict {
  TransferNeed need = TransferNeed::kUnknown;
  std::optional<DataRule> rule{};           ///< that decides; empty: none does
  std::vector<TransferNeed> possible{};     ///< more than one: what is not known decides
  std::vector<std::string> undecided_by{};  ///< those of the unknown facts that do: "persons", "critical_operator"
};

/// Tries the rules in force on the day ("2026-06-30") in their order, for everything that the unknown facts may be;
/// the answer is unknown where that matters. An estimate from second-hand copies, no legal advice.
TransferVerdict transfer_need(const Jurisdiction& from, const Transfer& transfer, std::string_view day);

}  // namespace socle::catalog
