#include <algorithm>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/report/migrate/migrate_report.hpp"
#include "socle/report/migrate/migrate_words.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::CodeResult;
using migrate::Count;
using migrate::TargetVerdict;

constexpr std::size_t kNamesShown = 20, kTargetsAbreast = 3;
constexpr const char* kWork[] = {"-", "check", "rewrite"};

std::string plural(std::size_t count, const char* one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string place_text(const migrate::Place& place) { return fmt::format("{}:{}", place.file, place.line); }

std::string head_text(const CodeResult& result) {
  const migrate::Census& census = result.census;
  std::size_t uses = 0;
  for (const auto& [name, use] : census.names) uses += use.uses;
  std::string text =
      wrap_text(fmt::format("{} ({} Python), {}: {} of {} CUDA names and headers, {}", plural(census.files, "file"),
                            census.python_files, plural(census.lines, "line"), plural(uses, "use"), census.names.size(),
                            plural(census.launches, "launched kernel")),
                100, 0);
  const migrate::Skipped& skipped = census.skipped;
  if (skipped.links + skipped.too_large + skipped.binary + skipped.unreadable > 0)
    text += wrap_text(fmt::format("not scanned: {} links, {} files beyond 64 MiB, {} binary or UTF-16, {} unreadable",
                                  skipped.links, skipped.too_large, skipped.binary, skipped.unreadable),
                      100, 0);
  if (census.not_utf8 > 0) text += fmt::format("{} not UTF-8: scanned as bytes\n", plural(census.not_utf8, "file"));
  return text;
}

std::string targets_text(const CodeResult& result, std::span<const TargetVerdict> targets) {
  std::vector<TextColumn> columns{{"uses (distinct names)"}};
  for (const TargetVerdict& target : targets) columns.push_back({migrate::target_name(target.target), Align::kRight});
  TextTable table(std::move(columns));
  const auto row = [&](const char* name, const auto& cell) {
    std::vector<std::string> cells{name};
    for (const TargetVerdict& target : targets) cells.push_back(cell(target));
    table.add_row(std::move(cells));
  };
  const auto counted = [&](const char* name, Count TargetVerdict::*count) {
    row(name, [&](const TargetVerdict& t) { return fmt::format("{} ({})", (t.*count).uses, (t.*count).names); });
  };
  row("decision", [](const TargetVerdict& t) { return std::string(decision_words(t.decision)); });
  row("have a name there", [](const TargetVerdict& t) {
    return fmt::format("{} ({})", format_percent(t.coverage_by_use()), format_percent(t.coverage_by_name()));
  });
  counted("  the same name", &TargetVerdict::same);
  counted("  another name", &TargetVerdict::renamed);
  counted("  stated as supported", &TargetVerdict::supported);
  counted("  stated as experimental", &TargetVerdict::experimental);
  counted("  deprecated, or a rename rule alone", &TargetVerdict::partial);
  counted("no equivalent", &TargetVerdict::no_equivalent);
  counted("unknown", &TargetVerdict::unknown);
  row("places to rewrite", [](const TargetVerdict& t) { return std::to_string(t.rewrites); });
  row("places to check", [](const TargetVerdict& t) { return std::to_string(t.checks); });
  row("effort", [](const TargetVerdict& t) { return effort_words(t.effort, t.hours); });
  row("evidence", [](const TargetVerdict& t) { return std::string(migrate::evidence_key(t.evidence)); });
  row("table of names dated", [&](const TargetVerdict& t) {
    const std::string& dated = result.platform(t.target).dated;
    return dated.empty() ? "not stated" : dated;
  });
  return "\n" + table.str();
}

std::string hazards_text(const CodeResult& result) {
  std::vector<TextColumn> columns{{"what names do not move"}, {"places", Align::kRight}, {"files", Align::kRight}};
  for (const TargetVerdict& target : result.targets) columns.push_back({migrate::target_key(target.target)});
  columns.push_back({"first"});
  TextTable table(std::move(columns));
  for (std::size_t i = 0; i < migrate::kHazards; ++i) {
    const migrate::HazardUse& use = result.census.hazards[i];
    const auto hazard = static_cast<migrate::Hazard>(i);
    if (use.places == 0) continue;
    const std::string help = facts_of(hazard).help;
    std::vector<std::string> cells{help.substr(0, help.find(':')), std::to_string(use.places),
                                   std::to_string(use.files)};
    for (const TargetVerdict& target : result.targets)
      cells.emplace_back(kWork[static_cast<int>(work_on(hazard, target.target))]);
    cells.push_back(place_text(use.first.front()));
    table.add_row(std::move(cells));
  }
  return table.rows() == 0 ? std::string() : "\n" + table.str();
}

/// Names that some target lacks, the most used first.
std::string missing_text(const CodeResult& result) {
  struct Row {
    std::size_t uses;
    const std::string* name;
    const migrate::NameUse* use;
  };
  const auto lacks = [&](const migrate::NameUse& use) {
    return std::any_of(result.targets.begin(), result.targets.end(), [&](const TargetVerdict& target) {
      const auto verdict = verdict_of(result.names, use, target.target).verdict;
      return verdict == migrate::Verdict::kNoEquivalent || verdict == migrate::Verdict::kUnknown;
    });
  };
  std::vector<Row> rows;
  for (const auto& [name, use] : result.census.names) {
    if (lacks(use)) rows.push_back({use.uses, &name, &use});
  }
  if (rows.empty()) return {};
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.uses > b.uses; });
  std::vector<TextColumn> columns{{"without a name there"}, {"uses", Align::kRight}};
  for (const TargetVerdict& target : result.targets) columns.push_back({migrate::target_key(target.target)});
  columns.push_back({"first"});
  TextTable table(std::move(columns));
  for (std::size_t i = 0; i < std::min(rows.size(), kNamesShown); ++i) {
    std::vector<std::string> cells{*rows[i].name, std::to_string(rows[i].uses)};
    for (const TargetVerdict& target : result.targets) {
      const migrate::NameVerdict there = verdict_of(result.names, *rows[i].use, target.target);
      cells.push_back(!there.name.empty()                                ? there.name
                      : there.verdict == migrate::Verdict::kNoEquivalent ? "none"
                                                                         : "unknown");
    }
    cells.push_back(place_text(rows[i].use->first));
    table.add_row(std::move(cells));
  }
  std::string text = "\n" + table.str();
  if (rows.size() > kNamesShown) text += fmt::format("... and {} more: --json has all\n", rows.size() - kNamesShown);
  return text;
}

}  // namespace

std::vector<std::string> migration_rules() {
  return {
      fmt::format("Decision: no-go when fewer than {} of the uses have a name there; go when all have one that the "
                  "vendor states as supported and no place asks for work; go with work otherwise.",
                  format_percent(migrate::kCoverageLeast)),
      fmt::format("Effort is an assumption: {} h for a place to rewrite, {} h to check one, {} h for a distinct name "
                  "without an equivalent, {} h to look up one that is unknown; hours up to {} h, days up to {} days, "
                  "weeks beyond. Tests and tuning come on top.",
                  migrate::kHoursPerRewrite, migrate::kHoursPerCheck, migrate::kHoursPerMissingName,
                  migrate::kHoursPerUnknownName, migrate::kHoursADay, migrate::kDaysMost),
      "Unknown never counts as yes. E0: assumed, such as headers and rename rules that no document confirms; E1: the "
      "vendor's documentation says so. Nothing was compiled or run.",
      "The scan is lexical: macros are not expanded, both sides of an #if are read, and a name of your own that begins "
      "as CUDA's do counts as unknown."};
}

std::string code_text(const CodeResult& result) {
  std::string text = head_text(result);
  if (result.census.names.empty()) text += "No CUDA name or header was found.\n";
  const std::span<const TargetVerdict> targets = result.targets;
  for (std::size_t at = 0; at < targets.size(); at += kTargetsAbreast)
    text += targets_text(result, targets.subspan(at, std::min(kTargetsAbreast, targets.size() - at)));
  text += hazards_text(result) + missing_text(result);
  if (result.patch_left_out > 0)
    text +=
        fmt::format("\n{} left out of the patch, whose path it cannot say.\n", plural(result.patch_left_out, "file"));
  return text + sentences_text("How it is judged", migration_rules());
}

std::string platforms_text(const answer::KnownTargets& known) {
  TextTable table({{"platform", Align::kLeft, true},
                   {"name", Align::kLeft, true},
                   {"CUDA names", Align::kRight},
                   {"dated"},
                   {"basis"},
                   {"--diff"}});
  std::string sources;
  for (const answer::MigrationPlatform& platform : known.platforms) {
    table.add_row({platform.key, platform.name, std::to_string(platform.names),
                   platform.dated.empty() ? "not stated" : platform.dated, platform.basis,
                   platform.patch ? "yes" : "no"});
    sources += wrap_text(fmt::format("{}: {} ({})", platform.key, platform.meaning, platform.source), 100, 2);
  }
  TextTable packs({{"facts", Align::kLeft, true}, {"rows", Align::kRight}, {"of migrate"}, {"dated"}});
  std::string says;
  for (const answer::FactPack& pack : known.packs) {
    packs.add_row({pack.name, std::to_string(pack.rows), pack.asked_by, pack.dated});
    says += wrap_text(fmt::format("{}: {}", pack.name, pack.says), 100, 2);
  }
  return table.str() + "\nWhat a row says, and where it is from\n" + sources + "\n" + packs.str() +
         "\nWhat the facts say\n" + says;
}

}  // namespace socle::report
