#include <utility>

#include "socle/report/migrate/migrate_report.hpp"
#include "socle/report/migrate/migrate_words.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using migrate::Count;
using migrate::TargetVerdict;

constexpr const char* kWork[] = {"none", "check", "rewrite"};

Json count_json(const Count& count) { return Json::object({{"uses", count.uses}, {"names", count.names}}); }

Json target_json(const answer::CodeResult& result, const TargetVerdict& target) {
  return Json::object({{"target", migrate::target_key(target.target)},
                       {"dated", text_or_null(result.platform(target.target).dated)},
                       {"decision", migrate::decision_key(target.decision)},
                       {"coverage_by_use", target.coverage_by_use()},
                       {"coverage_by_name", target.coverage_by_name()},
                       {"same", count_json(target.same)},
                       {"renamed", count_json(target.renamed)},
                       {"no_equivalent", count_json(target.no_equivalent)},
                       {"unknown", count_json(target.unknown)},
                       {"supported", count_json(target.supported)},
                       {"experimental", count_json(target.experimental)},
                       {"partial", count_json(target.partial)},
                       {"rewrites", target.rewrites},
                       {"checks", target.checks},
                       {"effort", migrate::effort_key(target.effort)},
                       {"effort_h", target.hours},
                       {"evidence", migrate::evidence_key(target.evidence)}});
}

Json names_json(const answer::CodeResult& result) {
  Json list = Json::array();
  for (const auto& [cuda, use] : result.census.names) {
    const migrate::Name* known = use.row == migrate::Mention::kNoRow ? nullptr : &result.names.names()[use.row];
    Json there = Json::array();
    for (const TargetVerdict& target : result.targets) {
      const migrate::NameVerdict verdict = verdict_of(result.names, use, target.target);
      there.push(Json::object({{"target", migrate::target_key(target.target)},
                               {"verdict", migrate::verdict_key(verdict.verdict)},
                               {"status", migrate::status_key(verdict.status)},
                               {"evidence", migrate::evidence_key(verdict.evidence)},
                               {"name", text_or_null(verdict.name)}}));
    }
    list.push(Json::object({{"cuda", cuda},
                            {"library", known ? Json(known->library) : Json()},
                            {"header", use.header},
                            {"uses", use.uses},
                            {"file", use.first.file},
                            {"line", use.first.line},
                            {"there", std::move(there)}}));
  }
  return list;
}

Json hazards_json(const answer::CodeResult& result) {
  Json list = Json::array();
  for (std::size_t i = 0; i < migrate::kHazards; ++i) {
    const migrate::HazardUse& use = result.census.hazards[i];
    const auto hazard = static_cast<migrate::Hazard>(i);
    if (use.places == 0) continue;
    Json places = Json::array(), work = Json::array();
    for (const migrate::Place& place : use.first)
      places.push(Json::object({{"file", place.file}, {"line", place.line}}));
    for (const TargetVerdict& target : result.targets)
      work.push(Json::object({{"target", migrate::target_key(target.target)},
                              {"work", kWork[static_cast<int>(work_on(hazard, target.target))]}}));
    list.push(Json::object({{"hazard", facts_of(hazard).key},
                            {"meaning", facts_of(hazard).help},
                            {"places", use.places},
                            {"files", use.files},
                            {"work", std::move(work)},
                            {"first", std::move(places)}}));
  }
  return list;
}

std::vector<std::string> hazard_keys() {
  std::vector<std::string> keys;
  for (const migrate::HazardFacts& facts : migrate::kHazardFacts) keys.emplace_back(facts.key);
  return keys;
}

const std::vector<std::string> kTargetKeys{"hip", "musa"};

SchemaRows target_rows() {
  return {{"targets[]", "object", "Each target asked about."},
          {"targets[].target", "string", "Which.", kTargetKeys},
          {"targets[].dated", "string|null", "Month of its table of names; null: its source states none."},
          {"targets[].decision", "string", "By the first of the rules.", {"go", "go_with_work", "no_go"}},
          {"targets[].coverage_by_use", "number", "Share of uses with a name there; 1 without any."},
          {"targets[].coverage_by_name", "number", "Share of distinct names."},
          {"targets[].same", "count", "Of the same name there."},
          {"targets[].renamed", "count", "Of another name there."},
          {"targets[].no_equivalent", "count", "Without one, as the table states."},
          {"targets[].unknown", "count", "Of which nothing is known: never counted as yes."},
          {"targets[].supported", "count", "Of those with a name: stated as supported."},
          {"targets[].experimental", "count", "Stated as experimental."},
          {"targets[].partial", "count", "Deprecated there, or by a rename rule alone."},
          {"targets[].rewrites", "integer", "Places of hazards that ask for other code."},
          {"targets[].checks", "integer", "Places of hazards that somebody has to read."},
          {"targets[].effort", "string", "Class of effort.", {"none", "hours", "days", "weeks"}},
          {"targets[].effort_h", "number", "Hours, by the rules of effort: assumptions."},
          {"targets[].evidence", "string", "The least of what was used: E0 assumed, E1 documented.", {"E0", "E1"}}};
}

SchemaRows name_rows() {
  return {{"names[]", "object", "Every CUDA name and header found, sorted."},
          {"names[].cuda", "string", "As written."},
          {"names[].library", "string|null", "Of CUDA; null: CUDA's by its prefix or folder alone."},
          {"names[].header", "boolean", "It is a header."},
          {"names[].uses", "integer", "In all files."},
          {"names[].file", "string", "First file that has it."},
          {"names[].line", "integer", "Its line there."},
          {"names[].there[]", "object", "On each target."},
          {"names[].there[].target", "string", "Which.", kTargetKeys},
          {"names[].there[].verdict", "string", "What becomes of it.", {"same", "renamed", "no_equivalent", "unknown"}},
          {"names[].there[].status",
           "string",
           "What is stated of it.",
           {"supported", "experimental", "partial", "unsupported", "unknown"}},
          {"names[].there[].evidence", "string", "How far that may be trusted.", {"E0", "E1"}},
          {"names[].there[].name", "string|null", "Its name there; null: none, or none known."}};
}

SchemaRows hazard_rows() {
  return {{"hazards[]", "object", "What a change of names does not move."},
          {"hazards[].hazard", "string", "Which.", hazard_keys()},
          {"hazards[].meaning", "string", "What it is."},
          {"hazards[].places", "integer", "Lines that have it."},
          {"hazards[].files", "integer", "Files that have it."},
          {"hazards[].work[]", "object", "What it asks for on each target: our judgement."},
          {"hazards[].work[].target", "string", "Which.", kTargetKeys},
          {"hazards[].work[].work", "string", "Nothing, a look, other code.", {"none", "check", "rewrite"}},
          {"hazards[].first[]", "object", "Places, the first 200."},
          {"hazards[].first[].file", "string", "File."},
          {"hazards[].first[].line", "integer", "Line."}};
}

}  // namespace

Json code_json(const answer::CodeResult& result, const std::vector<InputText>& inputs) {
  const migrate::Census& census = result.census;
  Json targets = Json::array();
  for (const TargetVerdict& target : result.targets) targets.push(target_json(result, target));
  return Json::object({{"schema", "socle.migrate.cuda/1"},
                       {"provenance", provenance("migrate cuda", inputs)},
                       {"files", census.files},
                       {"python_files", census.python_files},
                       {"lines", census.lines},
                       {"bytes", census.bytes},
                       {"kernel_launches", census.launches},
                       {"not_utf8", census.not_utf8},
                       {"skipped", Json::object({{"links", census.skipped.links},
                                                 {"too_large", census.skipped.too_large},
                                                 {"binary", census.skipped.binary},
                                                 {"unreadable", census.skipped.unreadable}})},
                       {"targets", std::move(targets)},
                       {"hazards", hazards_json(result)},
                       {"names", names_json(result)},
                       {"rules", sentences_json(migration_rules())}});
}

Schema migrate_cuda_schema() {
  SchemaRows rows{{"provenance", "provenance", "Version, command and inputs."},
                  {"files", "integer", "Source files that were scanned."},
                  {"python_files", "integer", "Of those, Python."},
                  {"lines", "integer", "Lines of them."},
                  {"bytes", "integer", "Bytes of them."},
                  {"kernel_launches", "integer", "Kernels launched by <<< >>>."},
                  {"not_utf8", "integer", "Files that are not UTF-8, scanned as bytes."},
                  {"skipped", "object", "What was not scanned."},
                  {"skipped.links", "integer", "Links inside folders: not followed."},
                  {"skipped.too_large", "integer", "Files beyond 64 MiB."},
                  {"skipped.binary", "integer", "Files with a byte of zero: binary, or UTF-16."},
                  {"skipped.unreadable", "integer", "Files and folders that could not be read."}};
  rows = joined(joined(joined(rows, target_rows()), hazard_rows()), name_rows());
  rows.push_back({"rules[]", "string", "How decisions and effort come about, a sentence each."});
  return {"socle.migrate.cuda/1",
          "CUDA, C++ and PyTorch sources on other platforms: `socle migrate cuda`.",
          {{"", "", std::move(rows)}},
          {provenance_shape(),
           {"count",
            "Names and headers counted twice over.",
            {{"uses", "integer", "Places."}, {"names", "integer", "Distinct names."}}}}};
}

Json platforms_json(const answer::KnownTargets& known, const std::vector<InputText>& inputs) {
  Json list = Json::array(), packs = Json::array();
  for (const answer::MigrationPlatform& platform : known.platforms)
    list.push(Json::object({{"platform", platform.key},
                            {"name", platform.name},
                            {"names", platform.names},
                            {"dated", text_or_null(platform.dated)},
                            {"basis", platform.basis},
                            {"meaning", platform.meaning},
                            {"source", platform.source},
                            {"has_patch", platform.patch}}));
  for (const answer::FactPack& pack : known.packs)
    packs.push(Json::object({{"pack", pack.name},
                             {"asked_by", pack.asked_by},
                             {"rows", pack.rows},
                             {"dated", pack.dated},
                             {"says", pack.says}}));
  return Json::object({{"schema", "socle.migrate.targets/1"},
                       {"provenance", provenance("migrate targets", inputs)},
                       {"platforms", std::move(list)},
                       {"packs", std::move(packs)}});
}

Schema migrate_targets_schema() {
  return {"socle.migrate.targets/1",
          "What is known of platforms to which CUDA sources can be moved: `socle migrate targets`.",
          {{"",
            "",
            {{"provenance", "provenance", "Version, command and inputs."},
             {"platforms[]", "object", "Each platform."},
             {"platforms[].platform", "string", "Its key."},
             {"platforms[].name", "string", "Its name."},
             {"platforms[].names", "integer", "CUDA names and headers with a name there."},
             {"platforms[].dated", "string|null", "Month of that table; null: its source states none."},
             {"platforms[].basis", "string", "What stands behind it.", {"documented", "assumed"}},
             {"platforms[].meaning", "string", "What a row says."},
             {"platforms[].source", "string", "Where it is from, with the commit."},
             {"platforms[].has_patch", "boolean", "`socle migrate cuda --diff` writes names of it."},
             {"packs[]", "object", "Each table of facts."},
             {"packs[].pack", "string", "File of the catalogue's compat/."},
             {"packs[].asked_by", "string", "Questions of `socle migrate` that look it up."},
             {"packs[].rows", "integer", "Facts in it."},
             {"packs[].dated", "string", "How old they are."},
             {"packs[].says", "string", "What a row says."}}}},
          {provenance_shape()}};
}

}  // namespace socle::report
