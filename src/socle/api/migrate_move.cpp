#include "socle/api/migrate_move.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "socle/answer/migrate/onnx_finding.hpp"
#include "socle/api/migrate.hpp"
#include "socle/api/migrate_onnx.hpp"
#include "socle/api/migrate_serving.hpp"
#include "socle/api/migrate_torch.hpp"
#include "socle/api/model_folder.hpp"
#include "socle/api/moved_training.hpp"
#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/base/split_list.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"
#include "socle/catalog/export_class.hpp"
#include "socle/migrate/code/tokens.hpp"
#include "socle/report/migrate/move_report_page.hpp"
#include "socle/report/migrate/training_report.hpp"
#include "socle/report/model/model_report.hpp"
#include "socle/setup/export_day.hpp"
#include "socle/setup/launch_record.hpp"

namespace socle::api {
namespace {

namespace fs = std::filesystem;
using answer::InputKind;
using answer::MoveInput;
using answer::MoveReport;
using answer::MoveTarget;

[[noreturn]] void refuse(const char* key, std::string message) {
  throw InputError(Problem{{}, 0, 0, key, std::move(message)});
}

/// An input, and the text of a launch command where it is one.
struct Asked {
  std::string name, text;
  InputKind kind;
};

/// The launch that a text holds; nothing where it holds none.
std::optional<InputKind> launch_kind(const catalog::Catalog& catalog, const std::string& text,
                                     const std::string& name) {
  if (answer::is_training_launch(text)) return InputKind::kTraining;
  try {
    setup::read_launch_record(catalog::load_launch_tables(catalog), text, name);
    return InputKind::kServing;
  } catch (const InputError&) { return std::nullopt; }
}

Asked told(const catalog::Catalog& catalog, const std::string& input, const setup::FileReader& read_file) {
  std::error_code none;
  if (fs::is_directory(input, none))
    return {input, {}, is_model_folder(input) ? InputKind::kServing : InputKind::kCode};
  if (fs::is_regular_file(input, none)) {
    if (migrate::language_of(input)) return {input, {}, InputKind::kCode};
    if (input.ends_with(".onnx")) return {input, {}, InputKind::kOnnx};
    const std::string text = read_file(input);
    if (const auto kind = launch_kind(catalog, text, input)) return {input, text, *kind};
    refuse("INPUT",
           fmt::format(
               "{} launches nothing that is known, is no source, no ONNX model and no folder of a model; name one of "
               "them",
               printable(input)));
  }
  if (input.find_first_of(" \t\n") == std::string::npos)
    refuse("INPUT", fmt::format("{} is not there; name a file or folder, or write a launch command in quotes",
                                printable(input)));
  if (answer::is_training_launch(input)) return {"COMMAND", input, InputKind::kTraining};
  setup::read_launch_record(catalog::load_launch_tables(catalog), input, "COMMAND");  // says what is wrong
  return {"COMMAND", input, InputKind::kServing};
}

std::vector<MoveTarget> targets_of(const catalog::Catalog& catalog, const MoveRequest& request) {
  const std::vector<migrate::Platform> platforms = migrate::platforms(catalog);
  const std::string day = setup::export_day(request.day);
  std::vector<MoveTarget> targets;
  for (const std::string& key : split_list(request.to)) {
    MoveTarget target;
    target.key = key;
    if (const migrate::Platform* platform = migrate::find_platform(platforms, key)) {
      target.name = platform->name;
      target.platform = platform->key;
    } else {
      const catalog::Chip chip = catalog.chip(key);
      const migrate::Platform* of_vendor = migrate::platform_of_vendor(platforms, chip.vendor);
      const auto exports = catalog::export_classes(chip, day);
      target.key = chip.slug;
      target.name = chip.name;
      target.platform = of_vendor != nullptr ? of_vendor->key : std::string();
      target.chip = true;
      if (!exports.empty()) target.export_class = std::string(catalog::export_class_name(exports.back().verdict));
    }
    const bool twice =
        std::any_of(targets.begin(), targets.end(), [&](const MoveTarget& other) { return other.key == target.key; });
    if (twice) refuse("to", fmt::format("--to names {} twice", printable(key)));
    targets.push_back(std::move(target));
  }
  return targets;
}

/// Findings of the targets that a question takes; the others get one that says why nothing is known.
std::vector<answer::Finding> spread(const std::vector<MoveTarget>& targets, const std::vector<std::size_t>& taken,
                                    std::vector<answer::Finding> found, InputKind kind, const char* why) {
  std::vector<answer::Finding> all;
  for (std::size_t i = 0; i < targets.size(); ++i) all.push_back(answer::nothing_known(kind, why));
  for (std::size_t i = 0; i < taken.size(); ++i) all[taken[i]] = std::move(found[i]);
  return all;
}

bool is_platform(const catalog::Catalog& catalog, const std::string& name) {
  return migrate::find_platform(migrate::platforms(catalog), name) != nullptr;
}

/// For people: of a chip, or of a platform.
std::string name_of(const catalog::Catalog& catalog, const std::string& from) {
  const std::vector<migrate::Platform> platforms = migrate::platforms(catalog);
  const migrate::Platform* platform = migrate::find_platform(platforms, from);
  return platform != nullptr ? platform->name : catalog.chip(from).name;
}

MoveInput served(const catalog::Catalog& catalog, const MoveRequest& request, const Asked& asked,
                 const std::vector<MoveTarget>& targets, std::vector<report::InputText>& inputs) {
  std::vector<std::size_t> taken;
  std::string chips;
  const bool from_chip = !is_platform(catalog, request.from);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (!targets[i].chip || !from_chip) continue;
    taken.push_back(i);
    chips += (chips.empty() ? "" : ",") + targets[i].key;
  }
  MoveInput input{.name = asked.name, .kind = InputKind::kServing, .summary = {}, .findings = {}};
  std::vector<answer::Finding> found;
  if (!taken.empty()) {
    const MigrateServingAnswer answer = migrate_serving(catalog, {.launch_text = asked.text,
                                                                  .launch_name = asked.name,
                                                                  .from = request.from,
                                                                  .to = chips,
                                                                  .rents = request.rents,
                                                                  .day = request.day,
                                                                  .flags = request.flags,
                                                                  .read_file = request.read_file});
    const model::Transformer& model = answer.result.move.from.simulation->serve.model;
    input.summary = fmt::format("{}: {}", printable(model.name), report::model_line(model));
    for (std::size_t i = 0; i < taken.size(); ++i) found.push_back(answer::finding_of(answer.result, i));
    inputs.insert(inputs.end(), answer.inputs.begin(), answer.inputs.end());
  }
  input.findings =
      spread(targets, taken, std::move(found), InputKind::kServing,
             from_chip ? "name a chip of the platform, such as ascend-910c: a served model is planned on chips"
                       : "name the chip that serves today, such as --from h100-sxm: it is what is compared with");
  return input;
}

/// Key of the names of CUDA on a platform; empty: none are known.
std::string names_of(const std::string& platform) {
  const std::string key = platform == "mlu" ? "cnrt" : platform;
  for (const migrate::Target target : migrate::kTargets) {
    if (key == migrate::target_key(target)) return key;
  }
  return {};
}

MoveInput sources(const catalog::Catalog& catalog, const Asked& asked, const std::vector<MoveTarget>& targets,
                  std::vector<report::InputText>& inputs, Progress* progress) {
  std::vector<std::size_t> taken;
  std::string keys;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const std::string key = names_of(targets[i].platform);
    if (key.empty()) continue;
    taken.push_back(i);
    if (keys.find(key) == std::string::npos) keys += (keys.empty() ? "" : ",") + key;
  }
  MoveInput input{.name = asked.name, .kind = InputKind::kCode, .summary = {}, .findings = {}};
  std::vector<answer::Finding> found;
  const CodeAnswer answer = migrate_cuda(catalog, {.paths = {asked.name}, .to = keys.empty() ? "hip" : keys}, progress);
  const migrate::Census& census = answer.result.census;
  input.summary = fmt::format("{} files, {} lines, {} CUDA names and headers, {} launched kernels", census.files,
                              census.lines, census.names.size(), census.launches);
  for (const std::size_t at : taken) {
    for (std::size_t i = 0; i < answer.result.targets.size(); ++i) {
      if (names_of(targets[at].platform) == migrate::target_key(answer.result.targets[i].target))
        found.push_back(answer::finding_of(answer.result, i));
    }
  }
  inputs.insert(inputs.end(), answer.inputs.begin(), answer.inputs.end());
  input.findings = spread(targets, taken, std::move(found), InputKind::kCode,
                          "no table of names leads there: kernels are written anew");
  std::vector<std::size_t> ascend;
  std::string chips;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i].platform != "ascend" || !targets[i].chip) continue;
    ascend.push_back(i);
    chips += (chips.empty() ? "" : ",") + targets[i].key;
  }
  // Kernels do not go to Ascend by names; Python alone may.
  if (!ascend.empty() && census.launches == 0 && census.python_files > 0 && census.names.empty()) {
    const TorchAnswer torch = migrate_torch(catalog, {asked.name}, chips, progress);
    for (std::size_t i = 0; i < ascend.size(); ++i) input.findings[ascend[i]] = answer::finding_of(torch.result, i);
  }
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i].platform != "cuda") continue;
    answer::Finding stays;
    stays.decision = migrate::Decision::kGo;
    stays.coverage = 1;
    stays.evidence = migrate::Evidence::kE1;
    input.findings[i] = std::move(stays);
  }
  return input;
}

MoveInput onnx_model(const catalog::Catalog& catalog, const Asked& asked, const std::vector<MoveTarget>& targets,
                     std::vector<report::InputText>& inputs) {
  const OnnxAnswer answer = migrate_onnx(catalog, {.paths = {asked.name}, .to = "all"});
  const answer::OnnxFile& file = answer.result.files.front();
  MoveInput input{.name = asked.name, .kind = InputKind::kOnnx, .summary = answer::onnx_summary(file), .findings = {}};
  for (const MoveTarget& target : targets) input.findings.push_back(answer::finding_of(file, target.platform));
  inputs.insert(inputs.end(), answer.inputs.begin(), answer.inputs.end());
  return input;
}

MoveInput trained(const catalog::Catalog& catalog, const MoveRequest& request, const Asked& asked,
                  const std::vector<MoveTarget>& targets, std::vector<report::InputText>& inputs) {
  answer::TrainingQuestion question{.texts = {{asked.text, asked.name}}, .to = {}};
  std::vector<std::size_t> taken;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i].platform.empty()) continue;
    taken.push_back(i);
    question.to.push_back(targets[i].key);
  }
  MoveInput input{.name = asked.name, .kind = InputKind::kTraining, .summary = {}, .findings = {}};
  inputs.push_back({asked.name, report::content_hash(asked.text)});
  std::vector<answer::Finding> found;
  if (!taken.empty()) {
    MovedJob today;
    today.why = "name today's chip, such as --from h100-sxm";
    if (!is_platform(catalog, request.from)) today = job_on(catalog, question, request.from, true);
    const answer::TrainingMigration moved = answer::training_migration(catalog, question);
    input.summary = report::training_line(moved);
    for (std::size_t i = 0; i < taken.size(); ++i) {
      found.push_back(answer::finding_of(moved, i));
      const MoveTarget& target = targets[taken[i]];
      if (target.chip) add_speed(found.back(), today, job_on(catalog, question, target.key, false));
    }
  }
  input.findings = spread(targets, taken, std::move(found), InputKind::kTraining,
                          "no framework of training is known on its platform");
  return input;
}

MoveInput asked_of(const catalog::Catalog& catalog, const MoveRequest& request, const Asked& asked,
                   const std::vector<MoveTarget>& targets, std::vector<report::InputText>& inputs, Progress* progress) {
  switch (asked.kind) {
    case InputKind::kServing:
      return served(catalog, request, asked, targets, inputs);
    case InputKind::kTraining:
      return trained(catalog, request, asked, targets, inputs);
    case InputKind::kOnnx:
      return onnx_model(catalog, asked, targets, inputs);
    case InputKind::kCode:
      break;
  }
  return sources(catalog, asked, targets, inputs, progress);
}

}  // namespace

MoveAnswer migrate(const catalog::Catalog& catalog, const MoveRequest& request, Progress* progress) {
  if (request.inputs.empty())
    refuse("INPUT", "nothing to move; name a folder of a model, sources, or write a launch command in quotes");
  if (request.from.empty())
    refuse("from", "--from is missing; name the chip that is left, or its platform: --from h100-sxm");
  if (request.to.empty()) refuse("to", "--to is missing; name chips or platforms: --to ascend-910c,h20");
  MoveAnswer answer{
      {.from = name_of(catalog, request.from), .targets = targets_of(catalog, request), .inputs = {}, .notes = {}}};
  MoveReport& report = answer.result;
  std::vector<Asked> all;
  for (const std::string& input : request.inputs) all.push_back(told(catalog, input, request.read_file));
  for (const Asked& asked : all)
    report.inputs.push_back(asked_of(catalog, request, asked, report.targets, answer.inputs, progress));
  report.notes = {
      "A target is as good as its worst input, its hours are those of all inputs, its evidence the least of all.",
      "Unknown never counts as yes. Speeds are predicted by Socle's own models; nothing was run."};
  answer::sum_up(report);
  return answer;
}

std::string text(const MoveAnswer& answer) { return report::move_text(answer.result); }
std::string json(const MoveAnswer& answer) { return report::move_json(answer.result, answer.inputs).dump() + "\n"; }
std::string html(const MoveAnswer& answer) { return report::move_html(answer.result, answer.inputs); }
bool holds(const MoveAnswer& answer) {
  const auto& targets = answer.result.targets;
  return std::any_of(targets.begin(), targets.end(),
                     [](const MoveTarget& target) { return target.decision != migrate::Decision::kNoGo; });
}

}  // namespace socle::api
