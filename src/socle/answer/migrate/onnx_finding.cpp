#include "socle/answer/migrate/onnx_finding.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"

namespace socle::answer {
namespace {

using migrate::onnx::OnnxVerdict;

const OnnxVerdict* best_of(const OnnxFile& file, const std::string& platform) {
  const OnnxVerdict* best = nullptr;
  for (const OnnxVerdict& target : file.targets) {
    const auto& platforms = target.backend->platforms;
    if (std::find(platforms.begin(), platforms.end(), platform) == platforms.end()) continue;
    if (!best || target.decision < best->decision) best = &target;
  }
  return best;
}

}  // namespace

Finding finding_of(const OnnxFile& file, const std::string& platform) {
  const OnnxVerdict* verdict = best_of(file, platform);
  if (!verdict) return nothing_known(InputKind::kOnnx, "no list of operators leads there");
  Finding finding;
  finding.kind = InputKind::kOnnx;
  finding.decision = verdict->decision;
  if (verdict->all.nodes > 0) finding.coverage = verdict->coverage_by_node();
  finding.hours = verdict->hours;
  finding.evidence = verdict->evidence;
  finding.dated = verdict->backend->dated;
  finding.figures = {{"backend", verdict->backend->name},
                     {"nodes left out", std::to_string(verdict->unsupported.nodes + verdict->unknown.nodes)},
                     {"changes of side", std::to_string(verdict->partition.changes)}};
  if (verdict->convert_to) finding.figures.push_back({"opset to convert to", std::to_string(*verdict->convert_to)});
  for (OnnxBlocker& blocker : onnx_blockers(file, *verdict))
    finding.places.push_back({std::move(blocker.place), std::move(blocker.item), std::move(blocker.why)});
  return finding;
}

std::string onnx_summary(const OnnxFile& file) {
  const migrate::onnx::Requirement& model = file.requirement;
  return fmt::format("{} node{}, opset {}, {} of weights", model.nodes, model.nodes == 1 ? "" : "s",
                     model.opset(std::string(migrate::onnx::kStandardDomain)),
                     format_bytes(Bytes(static_cast<double>(model.weight_bytes))));
}

}  // namespace socle::answer
