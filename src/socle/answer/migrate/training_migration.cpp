#include "socle/answer/migrate/training_migration.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"
#include "socle/migrate/training/translate.hpp"

namespace socle::answer {
namespace {

using migrate::Change;

[[noreturn]] void refuse(const char* key, std::string message) {
  throw InputError(Problem{{}, 0, 0, key, std::move(message)});
}

/// The platform that the user named: by itself, by a chip or by a node.
TrainingTarget target_of(const catalog::Catalog& catalog, const std::vector<migrate::Platform>& platforms,
                         const std::string& asked) {
  TrainingTarget target;
  target.asked = asked;
  if (const migrate::Platform* platform = migrate::find_platform(platforms, asked)) {
    target.platform = *platform;
    return target;
  }
  std::string chip;
  try {
    const catalog::Node node = catalog.node(asked);
    target.node = node.slug;
    chip = node.chip;
  } catch (const InputError&) {
    try {
      chip = catalog.chip(asked).slug;
    } catch (const InputError&) {
      std::string all;
      for (const migrate::Platform& platform : platforms) all += (all.empty() ? "" : ", ") + platform.key;
      refuse("--to", fmt::format("--to = \"{}\" is no platform ({}), no chip and no node of the catalogue",
                                 printable(asked, 40), all));
    }
  }
  target.chip = chip;
  const std::string vendor = catalog.chip(chip).vendor;
  const migrate::Platform* platform = migrate::platform_of_vendor(platforms, vendor);
  if (!platform) refuse("--to", fmt::format("no pack knows a platform for chips of {}", vendor));
  target.platform = *platform;
  return target;
}

/// The framework in which a platform's users train; the source's own where it runs there.
std::string usual_framework(const std::string& platform, const std::string& from) {
  const bool ascends = migrate::matches_framework("mindspeed*", from);
  if (platform == "ascend") return from == "deepspeed" || ascends ? from : "mindspeed-llm";
  return ascends ? "megatron-main" : from;
}

void judge(TrainingTarget& target) {
  std::size_t read = 0, known = 0;
  bool work = false;
  for (const migrate::Translated& item : target.items) {
    ++target.counts[static_cast<std::size_t>(item.change)];
    target.evidence = std::min(target.evidence, item.evidence);
    const bool blocks = migrate::blocks(item.change);
    if (!item.item.empty()) {
      ++read;
      const bool dropped = item.change == Change::kDroppedHarmless || item.change == Change::kDroppedPerformance;
      known += !blocks && (dropped || migrate::counts_as_yes(item.status));
    }
    if (blocks) target.blockers.push_back({item.line, item.item, item.change, item.why});
    work = work || blocks || item.change == Change::kDroppedPerformance || item.change == Change::kAdded ||
           item.change == Change::kValueChanged || item.status == migrate::Status::kPartial ||
           item.status == migrate::Status::kUnknown;
  }
  target.coverage = read == 0 ? 1 : static_cast<double>(known) / static_cast<double>(read);
  target.decision = target.coverage < kTrainingCoverageLeast ? migrate::Decision::kNoGo
                    : work                                   ? migrate::Decision::kGoWithWork
                                                             : migrate::Decision::kGo;
  const auto looks = target.of(Change::kValueChanged) + target.of(Change::kMerged) + target.of(Change::kSplit) +
                     target.of(Change::kRenamed) + target.of(Change::kAdded);
  target.hours = kHoursPerNoEquivalent * static_cast<double>(target.of(Change::kNoEquivalent)) +
                 kHoursPerCorrectness * static_cast<double>(target.of(Change::kDroppedCorrectness)) +
                 kHoursPerUnknownItem * static_cast<double>(target.of(Change::kUnknown)) +
                 kHoursPerPerformance * static_cast<double>(target.of(Change::kDroppedPerformance)) +
                 kHoursPerLook * static_cast<double>(looks);
  target.effort = migrate::effort_of(target.hours);
}

bool speaks_of_fp8(const std::string& name) {
  return name.starts_with("--fp8") || name.find(".fp8") != std::string::npos;
}

/// Rules know platforms; whether 8-bit floats are there is a fact of the chip.
void settle_fp8(const catalog::Catalog& catalog, TrainingTarget& target) {
  if (target.chip.empty()) return;
  const bool has = catalog.chip(target.chip).peak_of(catalog::PeakFormat::kFp8).has_value();
  for (migrate::Translated& item : target.items) {
    if (!speaks_of_fp8(item.item)) continue;
    const bool dropped = item.change == Change::kDroppedPerformance;
    const bool kept = item.change == Change::kSame || item.change == Change::kRenamed;
    if (has && dropped) {
      item.change = Change::kUnknown;
      item.why = fmt::format("{} has 8-bit floats, and {} a path of its own for them: no pack knows its arguments",
                             target.chip, target.framework.name);
    } else if (!has && kept) {
      item.change = Change::kDroppedPerformance;
      item.to_item.clear();
      item.to_value.clear();
      item.status = migrate::Status::kUnsupported;
      item.why = fmt::format("{} does not multiply 8-bit floats: it trains in 16 bits there", target.chip);
      item.evidence = std::min(item.evidence, migrate::Evidence::kE1);
    }
  }
  if (!has)
    std::erase_if(target.record.arguments, [](const migrate::Argument& one) { return speaks_of_fp8(one.name); });
}

/// A framework that is stated for another platform than the target's.
void note_mismatch(TrainingTarget& target) {
  const bool ascends = migrate::matches_framework("mindspeed*", target.framework.key);
  const std::string& platform = target.platform.key;
  const bool seen = ascends ? platform == "ascend" : platform == "cuda" || target.framework.key == "deepspeed";
  if (seen) return;
  migrate::Translated line;
  line.item = target.framework.name;
  line.change = Change::kUnknown;
  line.why = fmt::format("no pack states that it runs on {}", target.platform.name);
  line.source = "training-rules.csv";
  target.items.insert(target.items.begin(), std::move(line));
}

/// The first node of the catalogue with the chip, or with one of the vendor's.
std::optional<migrate::ScenarioNode> node_for(const catalog::Catalog& catalog, const TrainingTarget& target) {
  if (!target.node.empty()) {
    const catalog::Node node = catalog.node(target.node);
    return migrate::ScenarioNode{node.slug, node.chips};
  }
  if (target.chip.empty()) return std::nullopt;
  for (const catalog::Node& node : catalog.nodes()) {
    if (node.chip == target.chip && node.chips > 0) return migrate::ScenarioNode{node.slug, node.chips};
  }
  return std::nullopt;
}

migrate::JobRecord with_size(migrate::JobRecord record, const TrainingQuestion& question) {
  const auto text = [](const std::optional<int>& number) { return number ? std::to_string(*number) : std::string(); };
  if (!question.nodes && !question.per_node) return record;
  return migrate::launched_by(record, {.nodes = text(question.nodes), .processes = text(question.per_node)});
}

migrate::ScenarioText scenario_of(const catalog::Catalog& catalog, const migrate::TrainingFacts& facts,
                                  const TrainingQuestion& question, const TrainingMigration& made) {
  const auto node = node_for(catalog, made.targets.front());
  if (!node)
    refuse("--scenario", fmt::format("--scenario needs a machine: name a chip or a node of the catalogue instead of "
                                     "--to {}, such as --to atlas-800t-a3 (socle catalog nodes)",
                                     printable(question.to.front(), 40)));
  const std::string stem = question.scenario.substr(question.scenario.find_last_of('/') + 1);
  const std::string config = (stem.ends_with(".toml") ? stem.substr(0, stem.size() - 5) : stem) + ".config.json";
  const migrate::JobRecord there = with_size(migrate::in_megatron_words(facts, made.targets.front().record), question);
  return migrate::scenario_text(there, *node, config);
}

}  // namespace

TrainingMigration training_migration(const catalog::Catalog& catalog, const TrainingQuestion& question) {
  if (question.to.empty())
    refuse("--to", "--to is missing; name platforms, chips or nodes, such as ascend or ascend-910c");
  if (!question.from.empty()) migrate::framework_of(question.from, "--from");
  if (!question.framework.empty()) migrate::framework_of(question.framework, "--framework");
  std::vector<const migrate::EmitFormat*> formats;
  for (const std::string& name : question.emit) formats.push_back(&migrate::emit_format(name));
  const migrate::ArgumentPack pack(catalog);
  std::optional<CsvTable> own;
  if (!question.rules_name.empty()) own = parse_csv(question.rules, question.rules_name);
  const migrate::TrainingRules rules(catalog, own ? &*own : nullptr);
  const std::vector<migrate::Platform> platforms = migrate::platforms(catalog);
  const migrate::TrainingFacts facts{pack, rules, platforms};
  TrainingMigration made;
  made.record = migrate::read_launch(pack, question.texts, {.framework = question.from, .launch = question.launch});
  made.from = migrate::framework_of(made.record.framework, "--from");
  made.needs = migrate::training_needs(migrate::in_megatron_words(facts, made.record));
  made.arguments_dated = pack.dated();
  made.rules_dated = rules.dated();
  for (const std::string& asked : question.to) {
    TrainingTarget target = target_of(catalog, platforms, asked);
    const std::string key =
        question.framework.empty() ? usual_framework(target.platform.key, made.from.key) : question.framework;
    target.framework = migrate::framework_of(key, "--framework");
    migrate::Translation there = migrate::translate(facts, made.record, {made.from.key, key, target.platform.key});
    target.record = std::move(there.record);
    target.items = std::move(there.items);
    note_mismatch(target);
    settle_fp8(catalog, target);
    judge(target);
    const migrate::EmitPlace place{&target.platform, question.nodes, question.per_node};
    for (const migrate::EmitFormat* format : formats)
      target.files.push_back(migrate::emitted(*format, target.record, place));
    made.targets.push_back(std::move(target));
  }
  if (!question.scenario.empty()) made.scenario = scenario_of(catalog, facts, question, made);
  return made;
}

}  // namespace socle::answer
