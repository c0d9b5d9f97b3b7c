#include <algorithm>
#include <functional>
#include <vector>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/migrate/migrate_words.hpp"
#include "socle/report/migrate/serving_move_report.hpp"
#include "socle/report/model/model_report.hpp"
#include "socle/report/sentences.hpp"
#include "socle/report/serve/fit_report.hpp"
#include "socle/report/serve/simulate_words.hpp"

namespace socle::report {
namespace {

using answer::MovedFleet;
using answer::Ratio;
using answer::ServingMigration;
using answer::ServingVerdict;
using setup::MoveSide;

constexpr std::size_t kTargetsAbreast = 3;

std::string ratio_words(const std::optional<Ratio>& ratio) {
  return ratio ? fmt::format("{:.2f} ({:.2f} to {:.2f})", ratio->value, ratio->low, ratio->high) : "-";
}

std::string weights_words(const model::ServingFormats& formats) {
  std::string text(setup::weight_format_name(formats.matrices));
  if (formats.experts != formats.matrices)
    text += fmt::format(", experts {}", setup::weight_format_name(formats.experts));
  return text + fmt::format("; cache {}", setup::kv_format_name(formats.kv));
}

std::string export_words(const MoveSide& side) {
  if (side.exports.empty()) return "-";
  return std::string(catalog::export_class_name(side.exports.back().verdict));
}

std::string checkpoint_text(const migrate::Checkpoint& checkpoint) {
  std::string text = fmt::format("{}: ", printable(checkpoint.folder));
  text += checkpoint.files == 0 ? std::string("no safetensors beside its configuration")
                                : fmt::format("{} safetensors, {} tensors, {}", checkpoint.files,
                                              format_whole(static_cast<std::int64_t>(checkpoint.tensors)),
                                              format_bytes_binary(Bytes{checkpoint.bytes}));
  for (const auto& [type, bytes] : checkpoint.bytes_by_type)
    text += fmt::format("; {} {}", type, format_bytes_binary(Bytes{bytes}));
  if (!checkpoint.quantization.empty()) text += fmt::format("; quantised by {}", printable(checkpoint.quantization));
  if (checkpoint.own_code) text += "; Python of its own (auto_map), which nobody has read";
  if (!checkpoint.pickles.empty())
    text += fmt::format("; {} files of pickles, which run code when they are loaded: not opened",
                        checkpoint.pickles.size());
  for (const std::string& name : checkpoint.missing) text += fmt::format("; {} is missing", name);
  return wrap_text(text, 100, 0);
}

std::string head_text(const ServingMigration& result) {
  const setup::ServeSetup& serve = result.move.from.simulation->serve;
  std::string text = fmt::format("{}: {}\n", printable(serve.model.name), model_line(serve.model));
  if (result.move.checkpoint) text += checkpoint_text(*result.move.checkpoint);
  const setup::RequestsSetup& requests = result.move.from.simulation->requests;
  text += wrap_text(fmt::format("{} requests at once; {:.0f} tokens in, {:.0f} out on average", result.move.concurrency,
                                requests.input.mean, requests.output.mean),
                    100, 0);
  if (!result.source)
    text +=
        wrap_text(fmt::format("As launched it does not fit on {}: {}", serve.chip.name, result.source_problem), 100, 0);
  return text;
}

/// What a row shows of the source and of each target.
struct Shown {
  const MoveSide& side;
  const MovedFleet* fleet;
  const ServingVerdict* verdict;  ///< null: the source
};

std::string sides_text(const ServingMigration& result, std::size_t first, std::size_t last) {
  std::vector<Shown> all{{result.move.from, result.source ? &*result.source : nullptr, nullptr}};
  std::vector<TextColumn> columns{{"", Align::kLeft, true}, {result.move.from.chip.name + ", today", Align::kRight}};
  for (std::size_t i = first; i < last; ++i) {
    const ServingVerdict& verdict = result.targets[i];
    all.push_back({result.move.to[i], verdict.fleet ? &*verdict.fleet : nullptr, &verdict});
    columns.push_back({result.move.to[i].chip.name, Align::kRight});
  }
  TextTable table(std::move(columns));
  const auto row = [&](const char* name, const std::function<std::string(const Shown&)>& cell) {
    std::vector<std::string> cells{name};
    for (const Shown& shown : all) cells.push_back(cell(shown));
    table.add_row(std::move(cells));
  };
  const auto judged = [&](const char* name, const std::function<std::string(const ServingVerdict&)>& cell) {
    row(name, [&](const Shown& s) { return s.verdict == nullptr ? std::string("-") : cell(*s.verdict); });
  };
  const auto run = [&](const char* name, const std::function<std::string(const MovedFleet&)>& cell) {
    row(name, [&](const Shown& s) { return s.fleet == nullptr ? std::string("-") : cell(*s.fleet); });
  };
  judged("decision", [](const ServingVerdict& v) { return std::string(decision_words(v.decision)); });
  row("engine", [](const Shown& s) { return s.side.engine.empty() ? std::string("none known") : s.side.engine; });
  row("the model there", [](const Shown& s) -> std::string {
    if (s.verdict == nullptr) return "-";
    if (s.verdict->model) return migrate::status_key(s.verdict->model->known.status);
    return s.verdict->needs.empty() || !s.verdict->needs.front().same_platform ? "unknown" : "as today";
  });
  judged("needs that hold there",
         [](const ServingVerdict& v) { return v.needs.empty() ? "-" : format_percent(v.needs_share()); });
  judged("words that go over", [](const ServingVerdict& v) { return v.fleet ? format_percent(v.items_share()) : "-"; });
  run("weights", [](const MovedFleet& f) { return weights_words(f.formats); });
  run("replicas x chips", [](const MovedFleet& f) { return fmt::format("{} x {}", f.replicas, f.layout.chips()); });
  run("layout", [](const MovedFleet& f) { return layout_words(f.layout); });
  run("weights a chip", [](const MovedFleet& f) { return format_bytes_binary(f.weights_per_chip); });
  run("cache of a replica, tokens",
      [](const MovedFleet& f) { return format_whole(static_cast<std::int64_t>(f.cache_tokens)); });
  run("TTFT, mean ms", [](const MovedFleet& f) { return milliseconds(f.figures.ttft.mean); });
  run("TPOT, mean ms", [](const MovedFleet& f) { return milliseconds(f.figures.tpot.mean); });
  run("output tokens/s a chip", [](const MovedFleet& f) { return fmt::format("{:.4g}", f.output_per_chip()); });
  judged("  times today's", [](const ServingVerdict& v) { return ratio_words(v.speed); });
  judged("time of a token, times today's", [](const ServingVerdict& v) { return ratio_words(v.token_time); });
  judged("chips for the same output",
         [](const ServingVerdict& v) { return v.chips_for_same > 0 ? format_whole(v.chips_for_same) : "-"; });
  row("rent of a chip and hour",
      [](const Shown& s) { return s.side.rent ? format_money(*s.side.rent) : std::string("no quote"); });
  run("rent of 1M output tokens",
      [](const MovedFleet& f) { return f.per_million_output ? format_money(*f.per_million_output) : "-"; });
  row("export class", [](const Shown& s) { return s.verdict == nullptr ? "-" : export_words(s.side); });
  judged("effort", [](const ServingVerdict& v) { return v.fleet ? effort_words(v.effort, v.hours) : "-"; });
  judged("evidence", [](const ServingVerdict& v) { return std::string(migrate::evidence_key(v.evidence)); });
  row("pages of the engine dated", [](const Shown& s) {
    return s.verdict == nullptr || !s.side.hardware || s.side.hardware->dated.empty() ? "-" : s.side.hardware->dated;
  });
  return table.str();
}

std::string item_text(const std::string& item, const std::string& value) {
  return printable(value.empty() ? item : item + " " + value, 120);
}

/// What is not as it is today, a sentence each.
std::string changes_text(const MoveSide& side, const ServingVerdict& verdict) {
  std::size_t same = 0;
  std::vector<std::string> changes;
  for (const migrate::Translated& item : verdict.launch.items) {
    if (item.change == migrate::Change::kSame && item.status != migrate::Status::kUnknown) {
      ++same;
      continue;
    }
    std::string line = fmt::format("{}: ", change_words(item.change));
    if (!item.item.empty()) line += item_text(item.item, item.value);
    const bool moves = item.change != migrate::Change::kSame && !item.to_item.empty();
    if (moves) line += (item.item.empty() ? "" : " becomes ") + item_text(item.to_item, item.to_value);
    if (!item.why.empty()) line += "; " + item.why;
    changes.push_back(std::move(line));
  }
  const std::string title = fmt::format("The command on {}: {} of its words stay as they are", side.chip.name, same);
  return changes.empty() ? "\n" + title + "\n" : sentences_text(title.c_str(), changes);
}

std::string target_text(const MoveSide& side, const ServingVerdict& verdict) {
  std::string text;
  if (verdict.fleet) text += changes_text(side, verdict);
  std::vector<std::string> sentences;
  for (const answer::Blocker& blocker : verdict.blockers) {
    if (blocker.item) continue;
    const std::string place = blocker.line > 0 ? fmt::format(" (line {})", blocker.line) : std::string();
    sentences.push_back(fmt::format("{}{}: {}.", printable(blocker.what), place, printable(blocker.why, 200)));
  }
  text += sentences_text(fmt::format("What stands in the way on {}", side.chip.name).c_str(), sentences);
  for (const MovedFleet& other : verdict.others)
    text += wrap_text(fmt::format("With {}: {} x {} chips, TPOT {} ms, {:.4g} output tokens/s a chip.",
                                  weights_words(other.formats), other.replicas, other.layout.chips(),
                                  milliseconds(other.figures.tpot.mean), other.output_per_chip()),
                      100, 0);
  if (verdict.fleet) {
    text += "\n";
    std::string line = migrate::launch_line(verdict.launch.record, true);
    text += "  ";
    for (const char c : line) text += c == '\n' ? std::string("\n  ") : std::string(1, c);
    text += "\n";
    if (verdict.launch.headless) text += "  and on nodes other than the first: --headless\n";
  }
  return text;
}

}  // namespace

std::vector<std::string> serving_move_rules() {
  return {
      "No-go: no engine is known there, its page lists the model as unsupported, or nothing fits. Go: nothing changes "
      "and nothing is unknown. Go with work: otherwise. Unknown never counts as yes.",
      fmt::format("Layouts: as many replicas as today's chips hold, each under its share of the requests; the most "
                  "output a chip among those whose token takes at most {:.1f} times today's, or where none does "
                  "{:.1f} times the fastest token there.",
                  answer::kSlowerAtMost, answer::kNearFastest),
      fmt::format("Effort is an assumption: {} h for another engine or platform, {} h to make weights anew and {} h to "
                  "check their accuracy, {} h for a word without an equivalent, {} h to look one up, {} h for a "
                  "feature that is asked for and missing.",
                  answer::kHoursPerEngine, answer::kHoursPerCheckpoint, answer::kHoursPerAccuracy,
                  answer::kHoursPerLostItem, answer::kHoursPerUnknown, answer::kHoursPerMissingNeed),
      "Speeds are predicted by Socle's own models, nothing was run: a range is both sides' ranges, as if independent.",
      "E0: assumed or recalled; E1: the project's documentation says so; E2: read in its source."};
}

std::string serving_move_text(const ServingMigration& result) {
  std::string text = head_text(result);
  for (std::size_t at = 0; at < result.targets.size(); at += kTargetsAbreast)
    text += "\n" + sides_text(result, at, std::min(at + kTargetsAbreast, result.targets.size()));
  for (std::size_t i = 0; i < result.targets.size(); ++i) text += target_text(result.move.to[i], result.targets[i]);
  text += sentences_text("How it is judged", serving_move_rules());
  text += sentences_text("Assumptions", result.assumptions);
  text += sentences_text("Doubts", result.doubts);
  return text;
}

std::string serving_move_script(const ServingMigration& result, std::size_t target) {
  const MoveSide& side = result.move.to[target];
  const ServingVerdict& verdict = result.targets[target];
  std::string text = fmt::format("#!/bin/sh\n# {} on {} ({}): {}.\n", printable(result.move.reading.model),
                                 side.chip.name, side.engine, decision_words(verdict.decision));
  for (const answer::Blocker& blocker : verdict.blockers)
    text += fmt::format("# {}: {}\n", printable(blocker.what), printable(blocker.why, 200));
  text += "set -eu\n";
  for (const auto& [name, value] : verdict.launch.record.environment)
    text += fmt::format("export {}={}\n", name, migrate::shell_word(value));
  migrate::LaunchRecord command = verdict.launch.record;
  command.environment.clear();
  if (verdict.launch.headless)  // NODE_RANK and HEAD_IP: of the launcher
    text += "if [ \"$NODE_RANK\" -gt 0 ]; then set -- --headless; else set --; fi\n";
  return text + "exec " + migrate::launch_line(command, true) + (verdict.launch.headless ? " \\\n  \"$@\"\n" : "\n");
}

}  // namespace socle::report
