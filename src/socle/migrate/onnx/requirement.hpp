#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "socle/migrate/onnx/model.hpp"
#include "socle/migrate/onnx/schema.hpp"

namespace socle::migrate::onnx {

enum class OnnxHazard {
#define SOCLE_ONNX_HAZARD(enumerator, key, help) enumerator,
#include "socle/migrate/onnx/hazards.def"
#undef SOCLE_ONNX_HAZARD
  kCount
};
inline constexpr std::size_t kOnnxHazards = static_cast<std::size_t>(OnnxHazard::kCount);

struct OnnxHazardFacts {
  const char* key;
  const char* help;
};

inline constexpr std::array<OnnxHazardFacts, kOnnxHazards> kOnnxHazardFacts{{
#define SOCLE_ONNX_HAZARD(enumerator, key, help) {key, help},
#include "socle/migrate/onnx/hazards.def"
#undef SOCLE_ONNX_HAZARD
}};

/// Nodes that are alike for every backend: the same operator, version, element types and settings that a fact looks at.
struct OpUse {
  OpName name;
  int since = 0;  ///< version of the operator; 0: no schema knows it
  int opset = 0;  ///< that the model imports for the domain
  const Schema* schema = nullptr;
  std::vector<TypeName> inputs;  ///< of the first kInputsKept, repeated ones once; empty: unknown, or left out
  std::vector<std::pair<std::string, TypeName>> variables;    ///< bound ones: "T", "float"
  std::vector<std::pair<std::string, std::string>> settings;  ///< watched attributes: "layout", "1"
  bool inside = false;                                        ///< in a body of If, Loop or Scan
  std::uint64_t nodes = 0;
  std::string first;  ///< name of the first such node, or "#7" by its place in its graph
};

struct GraphInput {
  struct Size {
    std::int64_t size = -1;  ///< below zero: not fixed
    std::string name;        ///< of one that is not fixed; may be empty
  };
  std::string name;
  TypeName type;
  std::vector<Size> dimensions;
  bool shaped = false;
  bool dynamic() const;
  std::string shape_text() const;  ///< "batch x 3 x ? x ?"
};

/// What a model asks of a runtime.
struct Requirement {
  std::int64_t ir_version = 0;
  std::string producer;
  std::vector<std::pair<std::string, std::int64_t>> opsets;
  std::vector<OpUse> uses;           ///< in the order of first appearance
  std::uint64_t nodes = 0;           ///< with bodies and functions expanded, without constants
  std::uint64_t constants = 0;       ///< nodes that are folded
  std::uint64_t quantise_pairs = 0;  ///< QuantizeLinear and DequantizeLinear nodes
  std::size_t functions = 0;
  std::vector<GraphInput> inputs, outputs;
  std::map<std::string, std::uint64_t> weights;  ///< bytes by element type
  std::uint64_t weight_bytes = 0, external_bytes = 0;
  std::size_t initializers = 0;
  std::map<std::string, std::uint64_t> types;  ///< nodes by the type of their first output
  struct Found {
    std::uint64_t places = 0;
    std::string first;
  };
  std::array<Found, kOnnxHazards> hazards{};
  std::vector<std::string> problems;  ///< that keep any runtime from loading it: data that is missing

  /// For partitions: which use each node of a graph is; below zero: folded; a call stands for several.
  std::vector<std::int32_t> use_of_node;
  std::vector<std::vector<std::uint32_t>> calls;  ///< uses of call i, at -2 - i
  std::vector<std::uint32_t> graphs;              ///< that run: the model's and bodies, not those of functions

  Found& hazard(OnnxHazard hazard) { return hazards[static_cast<std::size_t>(hazard)]; }
  const Found& hazard(OnnxHazard hazard) const { return hazards[static_cast<std::size_t>(hazard)]; }
  std::int64_t opset(const std::string& domain) const;
};

/// Bytes of a file beside the model, by its path as the model writes it; nothing: it is missing.
using ExternalSize = std::function<std::optional<std::uint64_t>(const std::string&)>;

// Limits of what a model may grow to when its functions are expanded.
inline constexpr std::size_t kUsesMax = 800;
inline constexpr std::size_t kInputsKept = 32;    ///< types of a node's first inputs tell uses apart
inline constexpr std::size_t kValuesMax = 4'000;  ///< inputs, or outputs, of a model
inline constexpr std::size_t kWalkedMax = 5'000'000;
inline constexpr int kCallDepthMax = 64;

/// Walks graphs, bodies and functions, and infers element types by the schemas' variables. `watched`: attributes whose
/// values facts look at. Throws InputError: functions that call each other in a circle, limits passed.
/// Requires: the schemas outlive the requirement.
Requirement require(const Model& model, const std::string& file, const SchemaTable& schemas,
                    const std::set<std::string, std::less<>>& watched, const ExternalSize& external_size);

}  // namespace socle::migrate::onnx
