#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/catalog/provenance.hpp"

namespace socle::catalog {

/// What must be there before data may leave.
enum class TransferNeed { kExempt, kContract, kAssessment, kUnknown };
/// "exempt", "contract" (or certification, or other safeguards), "assessment", "unknown".
std::string_view need_name(TransferNeed need);

/// One rule on data that leaves a jurisdiction. A condition that is empty always holds; all others must. No legal
/// advice.
struct DataRule {
  std::string id;
  std::string effective;  ///< "2024-03-22"
  std::string ends;       ///< its last day; empty = still in force when last checked
  std::string instrument, test, means;
  std::vector<std::string> to;      ///< codes of countries
  std::vector<std::string> ground;  ///< names of `transfer_grounds`
  std::optional<bool> critical_operator, recipient_covered;
  bool no_personal_data = false;
  /// At least one of these, where any is stated.
  bool important_data = false;
  std::optional<double> persons_from, sensitive_from;
  TransferNeed need = TransferNeed::kUnknown;
  Provenance provenance;
};

/// The rules of a jurisdiction (`transfer/<slug>.toml`), in the order in which they are tried.
struct Jurisdiction {
  std::string slug, name;
  std::string code;  ///< "CN"
  std::vector<DataRule> rules;
};

/// Reasons for a transfer that some rules exempt: "contract", "employment", "emergency", "transit", "trade",
/// "free-trade-zone".
const std::vector<std::string>& transfer_grounds();

/// By slug, name or alias. Throws InputError, with "did you mean", when there is none, and on a malformed file.
Jurisdiction load_jurisdiction(const Catalog& catalog, std::string_view name);
/// All of them, by slug.
std::vector<Jurisdiction> load_jurisdictions(const Catalog& catalog);

}  // namespace socle::catalog
