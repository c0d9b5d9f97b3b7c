#include "socle/answer/migrate/move_report.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::answer {
namespace {

std::string ratio_text(const Ratio& ratio) {
  return fmt::format("{:.2f} ({:.2f} to {:.2f})", ratio.value, ratio.low, ratio.high);
}

}  // namespace

const char* input_kind_key(InputKind kind) {
  switch (kind) {
    case InputKind::kServing:
      return "served_model";
    case InputKind::kCode:
      return "sources";
    case InputKind::kOnnx:
      return "onnx";
    case InputKind::kTraining:
      break;
  }
  return "training";
}

Finding nothing_known(InputKind kind, std::string why) {
  Finding finding;
  finding.kind = kind;
  finding.places.push_back({{}, "facts", std::move(why)});
  return finding;
}

Finding finding_of(const ServingMigration& result, std::size_t target) {
  const ServingVerdict& verdict = result.targets[target];
  const setup::MoveSide& side = result.move.to[target];
  Finding finding;
  finding.kind = InputKind::kServing;
  finding.decision = verdict.decision;
  finding.coverage = std::min(verdict.needs_share(), verdict.items_share());
  finding.hours = verdict.hours;
  finding.evidence = verdict.evidence;
  finding.dated = side.hardware ? side.hardware->dated : std::string();
  for (const Blocker& blocker : verdict.blockers)
    finding.places.push_back(
        {blocker.line > 0 ? fmt::format("line {}", blocker.line) : std::string(), blocker.what, blocker.why});
  if (!verdict.fleet) return finding;
  const MovedFleet& fleet = *verdict.fleet;
  const auto figure = [&](const char* name, std::string text) { finding.figures.push_back({name, std::move(text)}); };
  figure("engine", side.engine);
  figure("weights", std::string(setup::weight_format_name(fleet.formats.experts)));
  figure("chips", fmt::format("{} x {}", fleet.replicas, fleet.layout.chips()));
  if (verdict.speed) figure("output a chip, times today's", ratio_text(*verdict.speed));
  if (verdict.token_time) figure("time of a token, times today's", ratio_text(*verdict.token_time));
  if (verdict.chips_for_same > 0) figure("chips for the same output", std::to_string(verdict.chips_for_same));
  if (fleet.per_million_output) figure("rent of 1M output tokens", format_money(*fleet.per_million_output));
  finding.launch = migrate::launch_line(verdict.launch.record, true);
  return finding;
}

Finding finding_of(const CodeResult& result, std::size_t target) {
  const migrate::TargetVerdict& verdict = result.targets[target];
  Finding finding;
  finding.kind = InputKind::kCode;
  finding.decision = verdict.decision;
  if (verdict.all.uses > 0) finding.coverage = verdict.coverage_by_use();
  finding.hours = verdict.hours;
  finding.evidence = verdict.evidence;
  finding.dated = result.platform(verdict.target).dated;
  const auto figure = [&](const char* name, std::size_t count) {
    finding.figures.push_back({name, std::to_string(count)});
  };
  figure("places to rewrite", verdict.rewrites);
  figure("places to check", verdict.checks);
  for (std::size_t i = 0; i < migrate::kHazards; ++i) {
    const auto hazard = static_cast<migrate::Hazard>(i);
    const migrate::HazardUse& use = result.census.hazards[i];
    const migrate::Work work = migrate::work_on(hazard, verdict.target);
    if (use.places == 0 || work == migrate::Work::kNone) continue;
    const migrate::Place& first = use.first.front();
    finding.places.push_back({fmt::format("{}:{}", first.file, first.line), migrate::facts_of(hazard).help,
                              fmt::format("{} places in {} files to {}", use.places, use.files,
                                          work == migrate::Work::kRewrite ? "rewrite" : "check")});
  }
  for (const auto& [name, use] : result.census.names) {
    const migrate::NameVerdict there = migrate::verdict_of(result.names, use, verdict.target);
    if (there.verdict != migrate::Verdict::kNoEquivalent && there.verdict != migrate::Verdict::kUnknown) continue;
    finding.places.push_back(
        {fmt::format("{}:{}", use.first.file, use.first.line), name,
         fmt::format("{} uses; {}", use.uses,
                     there.verdict == migrate::Verdict::kUnknown ? "unknown there" : "none there")});
  }
  return finding;
}

Finding finding_of(const TorchResult& result, std::size_t target) {
  const TorchVerdict& verdict = result.targets[target];
  Finding finding;
  finding.kind = InputKind::kCode;
  finding.decision = verdict.decision;
  if (verdict.all() > 0) finding.coverage = verdict.coverage();
  finding.hours = verdict.hours;
  finding.evidence = verdict.column.empty() ? migrate::Evidence::kE0 : migrate::Evidence::kE1;
  finding.dated = kTorchNpuDated;
  for (const auto& [name, use] : result.names) {
    const migrate::Status status = result.status.at(name)[target];
    if (status == migrate::Status::kSupported) continue;
    const char* words = status == migrate::Status::kPartial       ? "with a limit there"
                        : status == migrate::Status::kUnsupported ? "does not run there"
                                                                  : "not listed";
    finding.places.push_back(
        {fmt::format("{}:{}", use.first.file, use.first.line), name, fmt::format("{} uses; {}", use.uses, words)});
  }
  return finding;
}

Finding finding_of(const TrainingMigration& result, std::size_t target) {
  const TrainingTarget& there = result.targets[target];
  Finding finding;
  finding.kind = InputKind::kTraining;
  finding.decision = there.decision;
  finding.coverage = there.coverage;
  finding.hours = there.hours;
  finding.evidence = there.evidence;
  finding.dated = result.arguments_dated;
  finding.figures.push_back({"framework", there.framework.name});
  for (const TrainingBlocker& blocker : there.blockers)
    finding.places.push_back(
        {blocker.line > 0 ? fmt::format("line {}", blocker.line) : std::string(), blocker.item, blocker.why});
  for (const migrate::Translated& item : there.items) {
    if (item.change != migrate::Change::kDroppedPerformance) continue;
    finding.places.push_back({item.line > 0 ? fmt::format("line {}", item.line) : std::string(), item.item,
                              "slower without it: " + item.why});
  }
  const migrate::EmitFormat& sh = migrate::emit_format("sh");
  finding.launch = migrate::emitted(sh, there.record, {&there.platform}).text;
  return finding;
}

void sum_up(MoveReport& report) {
  for (std::size_t i = 0; i < report.targets.size(); ++i) {
    MoveTarget& target = report.targets[i];
    for (const MoveInput& input : report.inputs) {
      SOCLE_CHECK(input.findings.size() == report.targets.size(), "each input has a finding on each target");
      const Finding& finding = input.findings[i];
      target.decision = std::max(target.decision, finding.decision);
      target.hours += finding.hours;
      target.evidence = std::min(target.evidence, finding.evidence);
    }
    target.effort = migrate::effort_of(target.hours);
  }
}

}  // namespace socle::answer
