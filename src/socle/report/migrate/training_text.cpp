#include <algorithm>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/migrate/migrate_words.hpp"
#include "socle/report/migrate/training_report.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::TrainingMigration;
using answer::TrainingTarget;
using migrate::Change;
using migrate::Translated;

constexpr std::size_t kNewShown = 12, kNotesShown = 12;

std::string joined(const std::string& item, const std::string& value) {
  if (item.empty()) return "-";
  return printable(value.empty() ? item : item + " " + value, 60);
}

/// Two lines an item: what becomes of what, and why.
std::string item_text(const Translated& item) {
  const std::string line = item.line > 0 ? std::to_string(item.line) : "";
  const std::string there = joined(item.to_item, item.to_value), here = joined(item.item, item.value);
  const std::string change = item.item.empty()                       ? there
                             : item.to_item.empty() || here == there ? here
                                                                     : here + " -> " + there;
  return fmt::format("{:>4}  {:<21}  {}\n", line, change_words(item.change), change) +
         wrap_text(fmt::format("{} ({})", escape_controls(item.why, ""), migrate::evidence_key(item.evidence)), 100,
                   29);
}

std::string items_text(const std::vector<Translated>& items, bool all) {
  std::size_t same = 0;
  std::string text;
  for (const Translated& item : items) {
    const bool plain = item.change == Change::kSame && item.status == migrate::Status::kSupported;
    same += plain;
    if (!plain || all) text += item_text(item);
  }
  if (same > 0 && !all) text += fmt::format("{} more stay the same: --json has all\n", same);
  return text;
}

std::string needs_text(const TrainingMigration& result) {
  return wrap_text(
      fmt::format("{}:{}: {}", escape_controls(result.record.file, ""), result.record.line, training_line(result)), 100,
      0);
}

std::string targets_text(const TrainingMigration& result) {
  std::vector<TextColumn> columns{{"on the target"}};
  for (const TrainingTarget& target : result.targets) columns.push_back({target.asked, Align::kRight});
  TextTable table(std::move(columns));
  const auto row = [&](const char* name, const auto& cell) {
    std::vector<std::string> cells{name};
    for (const TrainingTarget& target : result.targets) cells.push_back(cell(target));
    table.add_row(std::move(cells));
  };
  row("platform", [](const TrainingTarget& t) { return t.platform.name; });
  row("framework", [](const TrainingTarget& t) { return t.framework.key; });
  row("decision", [](const TrainingTarget& t) { return std::string(decision_words(t.decision)); });
  row("known to go on there", [](const TrainingTarget& t) { return format_percent(t.coverage); });
  for (int i = 0; i <= static_cast<int>(Change::kUnknown); ++i) {
    const auto change = static_cast<Change>(i);
    if (std::any_of(result.targets.begin(), result.targets.end(),
                    [&](const TrainingTarget& t) { return t.of(change) > 0; }))
      row(change_words(change), [&](const TrainingTarget& t) { return std::to_string(t.of(change)); });
  }
  row("effort", [](const TrainingTarget& t) { return effort_words(t.effort, t.hours); });
  row("evidence", [](const TrainingTarget& t) { return std::string(migrate::evidence_key(t.evidence)); });
  return "\n" + table.str();
}

std::string notes_text(const std::vector<migrate::JobRecord::Note>& notes, const std::string& file) {
  std::string text;
  for (std::size_t i = 0; i < std::min(notes.size(), kNotesShown); ++i)
    text += wrap_text(
        fmt::format("{}:{}: {}", escape_controls(file, ""), notes[i].line, escape_controls(notes[i].text, "")), 100, 2);
  if (notes.size() > kNotesShown)
    text += fmt::format("  ... and {} more: --json has all\n", notes.size() - kNotesShown);
  return text.empty() ? text : "\nNot followed, or decided here\n" + text;
}

}  // namespace

std::string training_line(const TrainingMigration& result) {
  const migrate::TrainingNeeds& needs = result.needs;
  const auto number = [](const std::optional<int>& value) { return value ? std::to_string(*value) : std::string("?"); };
  std::string text = fmt::format("{} ({})", result.from.name, result.from.release);
  text += needs.shape == migrate::TrainingNeeds::Shape::kMoe
              ? fmt::format("; {} experts, {} active", number(needs.experts), number(needs.top_k))
          : needs.shape == migrate::TrainingNeeds::Shape::kDense ? "; dense"
                                                                 : "; shape not said";
  if (needs.latent_attention) text += ", latent attention";
  text += fmt::format("; {} layers of {}, sequences of {}, {}", number(needs.layers), number(needs.hidden),
                      number(needs.sequence), needs.precision);
  if (!needs.fp8_format.empty()) text += fmt::format(" with fp8 {} ({})", needs.fp8_format, needs.fp8_recipe);
  text += fmt::format("; tp {} pp {} vpp {} cp {} ep {}, dp {}; {} nodes of {}, batch {} in micro batches of {}",
                      needs.tp, needs.pp, needs.vpp, needs.cp, needs.ep, number(needs.dp()), number(needs.nodes),
                      number(needs.per_node), number(needs.global_batch), number(needs.micro_batch));
  if (!needs.recompute.empty()) text += "; recompute " + printable(needs.recompute, 20);
  return text;
}

std::vector<std::string> training_rules() {
  return {
      fmt::format(
          "Decision: no-go when less than {} of what was read is known to go on there; go when nothing asks for work; "
          "go with work otherwise.",
          format_percent(answer::kTrainingCoverageLeast)),
      fmt::format("Effort is an assumption: {} h for an item without an equivalent or with another result, {} h for "
                  "one that is unknown or makes "
                  "it slower, {} h for a look at one that is renamed, changed or added. Data, weights and a run for "
                  "acceptance come on top.",
                  answer::kHoursPerNoEquivalent, answer::kHoursPerUnknownItem, answer::kHoursPerLook),
      "Unknown never counts as yes. E0: assumed or recalled; E1: documented; E2: read in the source. Nothing was run, "
      "and nothing is said of speed or convergence."};
}

std::string arguments_text(const answer::ArgumentsResult& result) {
  std::string text =
      fmt::format("{} ({}) -> {} ({})\n", result.from.name, result.from.release, result.to.name, result.to.release);
  if (result.of_launch) {
    text += fmt::format("{}: {} items, {} the same, {} in the way\n", escape_controls(result.file, ""),
                        result.changed.size(), result.same, result.blocking());
    text += "\n" + items_text(result.changed, true);
  } else {
    text += fmt::format("{} arguments are known here, {} there: {} the same, {} went, {} came\n", result.known_from,
                        result.known_to, result.same, result.went(), result.came.size());
    text += "\n" + items_text(result.changed, true);
    if (!result.came.empty()) {
      text += fmt::format("\nNew there, the first {} of {}: --json has all\n", std::min(kNewShown, result.came.size()),
                          result.came.size());
      for (std::size_t i = 0; i < std::min(kNewShown, result.came.size()); ++i)
        text += "  " + result.came[i].name + "\n";
    }
  }
  text += notes_text(result.notes, result.file);
  return text +
         fmt::format(
             "\nArguments as read in {}, {} rules of {}. E0: recalled, E1: documented, E2: read in the source.\n",
             result.arguments_dated, result.rules, result.rules_dated);
}

std::string training_text(const TrainingMigration& result) {
  std::string text = needs_text(result) + targets_text(result);
  for (const TrainingTarget& target : result.targets) {
    text += fmt::format("\n{}: what changes\n", target.asked) + items_text(target.items, false);
    for (const answer::TrainingBlocker& blocker : target.blockers) {
      if (&blocker == &target.blockers.front()) text += "\nIn the way\n";
      text += wrap_text(fmt::format("{}:{}: {}: {}", escape_controls(result.record.file, ""), blocker.line,
                                    printable(blocker.item), blocker.why),
                        100, 2);
    }
  }
  text += notes_text(result.record.notes, result.record.file);
  if (result.scenario) {
    for (const std::string& note : result.scenario->notes) text += wrap_text("scenario: " + note, 100, 0);
  }
  text += fmt::format("\nArguments as read in {}, rules of {}.\n", result.arguments_dated, result.rules_dated);
  return text + sentences_text("How it is judged", training_rules());
}

}  // namespace socle::report
