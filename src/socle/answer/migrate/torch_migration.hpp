#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/migrate/code/census.hpp"
#include "socle/migrate/code/verdict.hpp"
#include "socle/migrate/judgement.hpp"

namespace socle::answer {

/// One name of PyTorch over all files.
struct TorchUse {
  std::size_t uses = 0;
  migrate::Place first;
};

/// What the pages of torch_npu say of the names on one chip.
struct TorchVerdict {
  std::string chip;    ///< slug
  std::string column;  ///< of the pack: "a3"; empty: the pages do not have the chip
  migrate::Count supported, partial, unsupported, unknown;
  std::size_t checks = 0, rewrites = 0;  ///< places of hazards
  double hours = 0;
  migrate::Effort effort = migrate::Effort::kNone;
  migrate::Decision decision = migrate::Decision::kNoGo;

  std::size_t all() const { return supported.uses + partial.uses + unsupported.uses + unknown.uses; }
  /// Share of uses that the pages say run there, with or without a limit.
  double coverage() const {
    return all() == 0 ? 1.0 : static_cast<double>(supported.uses + partial.uses) / static_cast<double>(all());
  }
};

/// What `socle migrate torch` answers.
struct TorchResult {
  std::size_t files = 0, lines = 0;
  std::map<std::string, TorchUse> names;
  migrate::Census census;                                      ///< of the same files, for hazards
  std::map<std::string, std::vector<migrate::Status>> status;  ///< of each name on each target
  std::vector<TorchVerdict> targets;
};

inline constexpr const char* kTorchNpuPages = "Ascend/pytorch@9e73e708ab docs/zh/api/native_api, PyTorch 2.13";
inline constexpr const char* kTorchNpuDated = "2026";  // the year of PyTorch 2.13

/// Reads Python sources one by one. Requires: `catalog` outlives it.
class TorchReader {
 public:
  /// `own`: rows of the user's, columns name, then a2, a3 and 950dt as needed. Throws InputError.
  explicit TorchReader(const catalog::Catalog& catalog, const CsvTable* own = nullptr);
  void read(const std::string& name, std::string_view source);
  /// `chips`: slugs. Hours: 2 for a distinct name that the pages say does not run, half an hour for one that they do
  /// not list, 15 minutes for one with a limit and a place to check, 2 for a place to rewrite (assumptions).
  TorchResult finish(const std::vector<std::string>& chips);

 private:
  void know(const CsvTable& table);

  std::map<std::string, std::map<std::string, migrate::Status>, std::less<>> known_;  ///< by name, by column
  migrate::NameTable cuda_;
  TorchResult result_;
};

}  // namespace socle::answer
