#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "socle/answer/migrate/onnx_migration.hpp"
#include "socle/base/csv.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"

namespace socle::answer {
namespace {

std::string row_types(const migrate::onnx::OpUse& use) {
  std::string types;
  for (std::size_t i = 0; i < use.inputs.size(); ++i) types += (i == 0 ? "" : ";") + use.inputs[i];
  return types;
}

}  // namespace

std::vector<std::string> onnx_rules() {
  using namespace migrate::onnx;
  return {
      fmt::format("Decision: no-go when nothing runs some node, when the backend takes fewer than {} of the nodes or "
                  "gives the whole model up, and no other opset changes that; go when every node is stated as "
                  "supported; go with work otherwise.",
                  format_percent(kNodeCoverageLeast)),
      fmt::format(
          "Effort is an assumption: {} h for a distinct operator that nothing runs, {} h for one left to the "
          "CPU, {} h to try one that is attempted, {} h to look up an unknown one, {} h for another opset, {} h "
          "for each finding on the whole model. Tests and tuning come on top.",
          kHoursPerMissingOperator, kHoursPerFallback, kHoursPerAttempt, kHoursPerUnknown, kHoursPerConversion,
          kHoursPerProblem),
      "Unknown never counts as yes. E1: documented; E2: read in the source; E3: asked of the runtime on a CPU; E0: "
      "your "
      "own rows. Nothing was executed.",
      "Parts are runs of nodes on the backend, changes the steps between it and the CPU: a greedy order that stays on "
      "a "
      "side as long as it can. Constants are folded; functions count as their bodies."};
}

std::vector<std::pair<std::string, std::string>> onnx_limits(const OnnxFile& file,
                                                             const migrate::onnx::OnnxVerdict& verdict) {
  std::map<std::string, std::string> limits;
  for (std::size_t i = 0; i < verdict.uses.size(); ++i) {
    const migrate::onnx::UseVerdict& there = verdict.uses[i];
    if (there.status == migrate::Status::kPartial && !there.why.starts_with("a name that is attempted"))
      limits.emplace(printable(file.requirement.uses[i].name.op, 40), printable(there.why, 300));
  }
  return {limits.begin(), limits.end()};
}

std::vector<std::string> onnx_notes(const OnnxFile& file) {
  constexpr std::size_t kInputsShown = 6;
  const migrate::onnx::Requirement& model = file.requirement;
  std::vector<std::string> notes;
  std::string inputs;
  for (std::size_t i = 0; i < std::min(model.inputs.size(), kInputsShown); ++i) {
    const migrate::onnx::GraphInput& input = model.inputs[i];
    inputs += fmt::format("{}{} {} {}", i == 0 ? "" : "; ", printable(input.name, 40),
                          input.type.empty() ? "of unknown type," : input.type, input.shape_text());
  }
  if (model.inputs.size() > kInputsShown) inputs += fmt::format("; and {} more", model.inputs.size() - kInputsShown);
  if (!inputs.empty()) notes.push_back("inputs: " + inputs);
  for (std::size_t i = 0; i < migrate::onnx::kOnnxHazards; ++i) {
    const migrate::onnx::Requirement::Found& found = model.hazards[i];
    if (found.places == 0) continue;
    notes.push_back(fmt::format("mind: {} ({}{}{})", migrate::onnx::kOnnxHazardFacts[i].help, found.places,
                                found.first.empty() ? "" : ", first ", found.first));
  }
  return notes;
}

OnnxSum onnx_sum(const OnnxResult& result, std::size_t target) {
  OnnxSum sum;
  double yes = 0, all = 0;
  for (const OnnxFile& file : result.files) {
    const migrate::onnx::OnnxVerdict& verdict = file.targets[target];
    ++(verdict.decision == migrate::Decision::kGo     ? sum.go
       : verdict.decision == migrate::Decision::kNoGo ? sum.no_go
                                                      : sum.with_work);
    yes += static_cast<double>(verdict.yes().nodes);
    all += static_cast<double>(verdict.all.nodes);
  }
  sum.coverage = all > 0 ? yes / all : 1.0;
  return sum;
}

std::string onnx_rows(const OnnxResult& result) {
  std::vector<std::vector<std::string>> rows;
  for (const OnnxFile& file : result.files) {
    for (const migrate::onnx::OnnxVerdict& target : file.targets) {
      for (std::size_t i = 0; i < target.uses.size(); ++i) {
        const migrate::onnx::OpUse& use = file.requirement.uses[i];
        const migrate::onnx::UseVerdict& there = target.uses[i];
        rows.push_back({file.name, target.backend->key, printable(use.name.domain, 200), printable(use.name.op, 200),
                        use.since > 0 ? std::to_string(use.since) : "", std::to_string(use.opset), row_types(use),
                        std::to_string(use.nodes), use.first, migrate::status_key(there.status),
                        migrate::onnx::reason_key(there.reason), there.why, migrate::evidence_key(there.evidence),
                        there.converts_to ? std::to_string(*there.converts_to) : "", target.loads ? "yes" : "no"});
      }
    }
  }
  return write_csv({"model", "backend", "domain", "operator", "version", "opset", "types", "nodes", "first", "status",
                    "reason", "why", "evidence", "converts_to", "model_loads"},
                   rows);
}

}  // namespace socle::answer
