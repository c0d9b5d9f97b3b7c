#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/migrate/judgement.hpp"
#include "socle/migrate/onnx/facts.hpp"
#include "socle/migrate/onnx/requirement.hpp"

namespace socle::migrate::onnx {

/// Why a backend does not take a node, or takes it with a word of care.
enum class Reason { kNone, kAbsent, kVersion, kType, kSetting, kStated, kBody, kInside, kOpset };
const char* reason_key(Reason reason);

/// What a backend does with nodes of one use.
struct UseVerdict {
  Status status = Status::kUnknown;
  Reason reason = Reason::kNone;
  std::string why;  ///< a few words; empty: nothing to say
  Evidence evidence = Evidence::kE0;
  std::optional<int> converts_to;  ///< an opset of the standard domain under which it would be taken
};

/// Judges one use. `opset`: as if the model imported that one for the standard domain; its version is then another.
UseVerdict verdict_of(const FactTable& facts, const SchemaTable& schemas, const Requirement& model, const OpUse& use,
                      const Backend& backend, std::optional<int> opset = std::nullopt);

struct NodeCount {
  std::uint64_t nodes = 0;
  std::size_t operators = 0;
};

/// How execution changes sides when a backend takes what it can and leaves the rest to another.
struct Partition {
  std::uint64_t parts = 0;    ///< runs of nodes on the backend
  std::uint64_t islands = 0;  ///< runs of nodes that it leaves
  std::uint64_t changes = 0;  ///< from one to the other
};

/// Greedy over the graph's order of dependence: stays on a side as long as any node there is ready. `taken`: by use.
/// Bodies of If, Loop and Scan count by themselves. Linear in nodes and edges.
Partition partition(const Model& model, const Requirement& found, const std::vector<bool>& taken);

// Assumptions of effort, hours of somebody who knows the model; tests and tuning come on top.
inline constexpr double kHoursPerMissingOperator = 16.0;  ///< one that nothing runs: a plugin, or another graph
inline constexpr double kHoursPerFallback = 1.0;          ///< a distinct operator left to the CPU: measure, decide
inline constexpr double kHoursPerAttempt = 0.25;          ///< a distinct operator that is attempted: try it
inline constexpr double kHoursPerUnknown = 0.5;           ///< a distinct operator to look up
inline constexpr double kHoursPerConversion = 2.0;        ///< the model to another opset, and its outputs compared
inline constexpr double kHoursPerProblem = 1.0;           ///< a file that is missing or out of place
inline constexpr double kNodeCoverageLeast = 0.5;         ///< share of nodes below which it is no-go

/// What one backend makes of a model.
struct OnnxVerdict {
  const Backend* backend = nullptr;
  Decision decision = Decision::kGo;
  NodeCount all, supported, experimental, partial, unsupported, unknown;
  NodeCount nowhere;      ///< neither it nor its fallback runs them
  bool loads = true;      ///< every node runs somewhere, and no file is missing
  bool gives_up = false;  ///< it takes nothing of the model
  Partition partition;
  std::vector<UseVerdict> uses;       ///< beside the requirement's
  std::vector<std::string> blockers;  ///< of the whole model: opset, version of the format, missing files
  std::optional<int> convert_to;      ///< opset of the standard domain that covers most
  std::uint64_t convert_gains = 0;    ///< nodes that it covers beyond now
  std::size_t convert_operators = 0;  ///< distinct operators that are all covered then and not now
  std::vector<std::string> advice;
  double hours = 0;
  Effort effort = Effort::kNone;
  Evidence evidence = Evidence::kE4;

  double coverage_by_node() const { return share(yes().nodes, all.nodes); }
  double coverage_by_operator() const { return share(yes().operators, all.operators); }
  NodeCount yes() const {
    return {supported.nodes + experimental.nodes + partial.nodes,
            supported.operators + experimental.operators + partial.operators};
  }

 private:
  template <typename Number>
  static double share(Number part, Number whole) {
    return whole == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(whole);
  }
};

/// Rule: no-go where nothing runs some node, where the backend takes less than half of the nodes or gives the model up,
/// and another opset does not change that; go where every node is stated as supported; go with work otherwise.
OnnxVerdict judge(const FactTable& facts, const SchemaTable& schemas, const Model& model, const Requirement& found,
                  const Backend& backend);

}  // namespace socle::migrate::onnx
