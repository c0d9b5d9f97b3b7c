#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "socle/base/csv.hpp"
#include "socle/migrate/judgement.hpp"
#include "socle/migrate/onnx/schema.hpp"

namespace socle::migrate::onnx {

/// How a row's versions are compared.
enum class Match {
  kKernel,  ///< with the operator's version, as ONNX Runtime looks kernels up: an open end takes the start alone
  kOpset,   ///< with the model's opset
  kName,    ///< not at all
};

/// A runtime that takes ONNX models, or a part of one that is handed nodes.
struct Backend {
  std::string key, name;               ///< "cann_graph", "ONNX Runtime CANN (graph)"
  std::vector<std::string> platforms;  ///< keys of platforms that it stands for: "ascend"
  Match match = Match::kName;
  Status absent = Status::kUnknown;     ///< of an operator without a row
  std::string fallback;                 ///< backend that runs what this one does not take; empty: none does
  bool inlines = false;                 ///< functions of the standard become their bodies
  TypeName casts;                       ///< a type that is run as float behind casts where no kernel takes it
  bool subgraphs = true;                ///< takes nodes inside If, Loop and Scan
  std::optional<std::size_t> gives_up;  ///< takes nothing of a model with more unsupported nodes than this
  std::optional<int> opset_min, opset_max, ir_max;
  std::string dated;  ///< "2026-11"; empty: its source states no date
  Evidence evidence = Evidence::kE0;
  std::string source, meaning;
};

/// One row: what a backend does with some versions of an operator.
struct Fact {
  int from = 1;
  std::optional<int> to;
  std::vector<std::pair<std::string, std::vector<TypeName>>> types;  ///< by variable, "#1" for an input, "*" the first
  std::string attribute;                                             ///< with `value`: the row is of this setting alone
  std::string value;
  Status status = Status::kUnknown;
  std::string note;
  bool own = false;  ///< stated by the user
};

/// What is known of backends and operators. Immutable once read; lookups may run side by side.
class FactTable {
 public:
  /// `packs` hold the rows of operators; `own`: the user's, which go before them. Throws InputError.
  FactTable(const CsvTable& backends, const std::vector<CsvTable>& packs, const CsvTable* own);

  const std::vector<Backend>& backends() const { return backends_; }
  const Backend* find(std::string_view key) const;
  /// Rows of an operator, the user's first: the first that fits decides. None: the operator has no row.
  const std::vector<Fact>& of(const std::string& backend, const OpName& name) const;
  /// Rows of a backend.
  std::size_t rows_of(const std::string& backend) const;
  /// Attributes whose value a row looks at.
  const std::set<std::string, std::less<>>& watched() const { return watched_; }

 private:
  void add(const CsvTable& table, std::size_t row, bool own);

  std::vector<Backend> backends_;
  std::map<std::pair<std::string, OpName>, std::vector<Fact>> facts_;
  std::map<std::string, std::size_t> rows_;
  std::set<std::string, std::less<>> watched_;
};

/// Columns of rows, for the user's own and for messages.
inline constexpr const char* kOwnColumns = "backend, op, status; domain, from, to, types, unless, note as needed";

}  // namespace socle::migrate::onnx
