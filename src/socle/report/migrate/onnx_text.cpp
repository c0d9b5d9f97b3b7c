#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/migrate/migrate_words.hpp"
#include "socle/report/migrate/onnx_report.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::OnnxFile;
using migrate::onnx::OnnxVerdict;
using migrate::onnx::Requirement;

constexpr std::size_t kBlockersShown = 8, kFilesShown = 30, kLimitsShown = 4;

std::string plural(std::uint64_t count, const char* one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string bytes_text(std::uint64_t bytes) { return format_bytes(Bytes(static_cast<double>(bytes))); }

std::string head_text(const OnnxFile& file) {
  const Requirement& model = file.requirement;
  std::string opsets, weights;
  for (const auto& [domain, version] : model.opsets)
    opsets += fmt::format("{}{} {}", opsets.empty() ? "" : ", ", printable(domain, 30), version);
  for (const auto& [type, bytes] : model.weights)
    weights += fmt::format("{}{} {}", weights.empty() ? "" : ", ", type, bytes_text(bytes));
  std::string text = wrap_text(
      fmt::format(
          "{}: format {}, opset {}{}; {}{}, {}{}{}", file.name, model.ir_version, opsets.empty() ? "none" : opsets,
          model.producer.empty() ? "" : ", by " + model.producer, plural(model.nodes, "node"),
          model.constants > 0 ? " and " + plural(model.constants, "constant") : "",
          plural(model.initializers, "initializer"), weights.empty() ? "" : ": " + weights,
          model.external_bytes > 0 ? fmt::format(", {} of it beside the model", bytes_text(model.external_bytes)) : ""),
      100, 0);
  for (const std::string& note : onnx_notes(file)) text += wrap_text(note, 100, 0);
  return text;
}

std::string targets_text(const OnnxFile& file) {
  TextTable table({{"backend", Align::kLeft, true},
                   {"decision", Align::kLeft, true},
                   {"nodes", Align::kRight},
                   {"operators", Align::kRight},
                   {"left out", Align::kRight},
                   {"unknown", Align::kRight},
                   {"parts", Align::kRight},
                   {"changes", Align::kRight},
                   {"hours", Align::kRight},
                   {"facts"}});
  for (const OnnxVerdict& target : file.targets)
    table.add_row({target.backend->key, decision_words(target.decision), format_percent(target.coverage_by_node()),
                   format_percent(target.coverage_by_operator()), std::to_string(target.unsupported.nodes),
                   std::to_string(target.unknown.nodes), std::to_string(target.partition.parts),
                   std::to_string(target.partition.changes), format_number(target.hours),
                   fmt::format("{} {}", migrate::evidence_key(target.evidence),
                               target.backend->dated.empty() ? "no date" : target.backend->dated)});
  return "\n" + table.str();
}

std::string target_text(const OnnxFile& file, const OnnxVerdict& target) {
  std::string text;
  const std::vector<answer::OnnxBlocker> blockers = onnx_blockers(file, target);
  for (std::size_t i = 0; i < std::min(blockers.size(), kBlockersShown); ++i) {
    const answer::OnnxBlocker& blocker = blockers[i];
    text += wrap_text(blocker.nodes == 0 ? "- " + blocker.why
                                         : fmt::format("- {}: {}; {} node{}, first {}", blocker.item, blocker.why,
                                                       blocker.nodes, blocker.nodes == 1 ? "" : "s", blocker.place),
                      100, 2);
  }
  if (blockers.size() > kBlockersShown)
    text += fmt::format("  ... and {} more: --json has all\n", blockers.size() - kBlockersShown);
  const auto limits = onnx_limits(file, target);
  for (std::size_t i = 0; i < std::min(limits.size(), kLimitsShown); ++i)
    text += wrap_text(fmt::format("~ {}: {}", limits[i].first, limits[i].second), 100, 2);
  if (limits.size() > kLimitsShown)
    text += fmt::format("  ... and {} more with limits: --json has all\n", limits.size() - kLimitsShown);
  for (const std::string& advice : target.advice) text += wrap_text("> " + advice, 100, 2);
  return text.empty() ? text : "\n" + target.backend->name + "\n" + text;
}

std::string files_text(const answer::OnnxResult& result) {
  std::vector<TextColumn> columns{{"model"}, {"nodes", Align::kRight}};
  const auto& backends = result.files.front().targets;
  const std::size_t shown = std::min<std::size_t>(backends.size(), 5);
  for (std::size_t i = 0; i < shown; ++i) columns.push_back({backends[i].backend->key, Align::kRight, true});
  TextTable table(std::move(columns));
  for (std::size_t f = 0; f < std::min(result.files.size(), kFilesShown); ++f) {
    const OnnxFile& file = result.files[f];
    std::vector<std::string> cells{file.name, std::to_string(file.requirement.nodes)};
    for (std::size_t i = 0; i < shown; ++i)
      cells.push_back(fmt::format("{} {}", decision_words(file.targets[i].decision),
                                  format_percent(file.targets[i].coverage_by_node())));
    table.add_row(std::move(cells));
  }
  std::string text = "\n" + table.str();
  if (result.files.size() > kFilesShown)
    text += fmt::format("... and {} more: --rows has all\n", result.files.size() - kFilesShown);
  TextTable sums({{"backend", Align::kLeft, true},
                  {"go", Align::kRight},
                  {"with work", Align::kRight},
                  {"no-go", Align::kRight},
                  {"nodes", Align::kRight}});
  for (std::size_t i = 0; i < backends.size(); ++i) {
    const answer::OnnxSum sum = onnx_sum(result, i);
    sums.add_row({backends[i].backend->key, std::to_string(sum.go), std::to_string(sum.with_work),
                  std::to_string(sum.no_go), format_percent(sum.coverage)});
  }
  return text + "\n" + sums.str();
}

}  // namespace

std::string onnx_text(const answer::OnnxResult& result) {
  std::string text;
  if (result.files.size() == 1) {
    const OnnxFile& file = result.files.front();
    text = head_text(file) + targets_text(file);
    for (const OnnxVerdict& target : file.targets) text += target_text(file, target);
  } else {
    text = fmt::format("{} models\n", result.files.size()) + files_text(result);
  }
  for (const answer::OnnxUnread& unread : result.unread)
    text += wrap_text(fmt::format("not read: {}: {}", unread.name, unread.message), 100, 0);
  return text + sentences_text("How it is judged", answer::onnx_rules());
}

}  // namespace socle::report
