#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/csv.hpp"
#include "socle/migrate/onnx/element_type.hpp"

namespace socle::migrate::onnx {

/// One input or output of an operator.
struct Formal {
  std::string variable;  ///< "T"; empty where `type` is fixed
  TypeName type;         ///< "int64"
  bool variadic = false;
};

struct BodyOp {
  std::string op;
  int since = 0;
};

/// One version of an operator, as the standard or the runtime defines it.
struct Schema {
  int since = 0;
  std::vector<Formal> inputs, outputs;
  std::vector<BodyOp> body;  ///< what a function is made of; empty: no function
};

/// Domain and name of an operator.
struct OpName {
  std::string domain, op;
  auto operator<=>(const OpName&) const = default;
};

/// All versions of all operators, found by name. Immutable once read.
class SchemaTable {
 public:
  /// Columns domain, op, since, inputs, outputs, body. Throws InputError.
  explicit SchemaTable(const CsvTable& pack);

  /// Versions in ascending order; none: the operator is not known.
  const std::vector<Schema>& versions(const OpName& name) const;
  /// The version in force under this opset: the latest that is no later. None: not known, or younger than the opset.
  const Schema* find(const OpName& name, int opset) const;
  /// The latest version of the standard operators.
  int latest_opset() const { return latest_; }

 private:
  std::map<OpName, std::vector<Schema>> operators_;
  int latest_ = 0;
};

/// The formal that the input or output of this place stands for: the last one repeats where it is variadic.
const Formal* formal_at(const std::vector<Formal>& formals, std::size_t place);

}  // namespace socle::migrate::onnx
