#include "socle/api/migrate.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "socle/api/source_tree.hpp"
#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/base/split_list.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/migrate/migrate_report.hpp"

namespace socle::api {
namespace {

[[noreturn]] void refuse(const char* key, std::string message) {
  throw InputError(Problem{{}, 0, 0, key, std::move(message)});
}

std::vector<migrate::Target> targets_of(const MigrateCodeRequest& request) {
  if (request.to.empty())
    refuse("--to", "--to is missing; write hip, musa, maca, supa, cnrt, ascend or several, with commas between");
  std::vector<migrate::Target> targets;
  for (const std::string& key : split_list(request.to)) {
    const migrate::Target target = migrate::target_of(key);
    if (std::find(targets.begin(), targets.end(), target) != targets.end())
      refuse("--to", "--to names " + key + " twice");
    targets.push_back(target);
  }
  if (request.patch && targets.size() != 1) refuse("--diff", "--diff writes one target's names; give --to one of them");
  if (request.patch && !migrate::takes_patch(targets.front()))
    refuse("--diff",
           fmt::format("--diff takes hip or musa: of {} too few names are known", target_name(targets.front())));
  return targets;
}

/// The text, or nothing where it cannot be read any more.
std::optional<std::string> text_of_file(const std::string& path) {
  try {
    return read_file(path);
  } catch (const InputError&) { return std::nullopt; }
}

}  // namespace

CodeAnswer migrate_cuda(const catalog::Catalog& catalog, const MigrateCodeRequest& request, Progress* progress) {
  const std::vector<migrate::Target> targets = targets_of(request);
  if (request.paths.empty()) refuse("PATH", "no sources; name folders or source files: socle migrate cuda PATH...");
  const auto patch_to = request.patch ? std::optional(targets.front()) : std::nullopt;
  answer::CodeReader reader(catalog, request.names_text, request.names_name, patch_to);
  const SourceTree tree = source_tree(request.paths);
  if (progress) progress->begin("scanning sources", tree.files.size());
  reader.note(migrate::Skipped{.links = tree.links, .too_large = tree.too_large, .unreadable = tree.unreadable});
  std::string hash;  // of names and texts, one after the other
  for (const std::string& file : tree.files) {
    const auto source = text_of_file(file);
    if (!source)
      reader.note_unreadable();
    else if (source->find('\0') != std::string::npos)
      reader.note_binary();
    else
      reader.read(file, *source);
    if (source) hash = report::content_hash(hash + file + "\n" + report::content_hash(*source));
    advance(progress);
  }
  std::vector<report::InputText> inputs;
  std::string name;
  for (const std::string& path : request.paths) name += (name.empty() ? "" : " ") + escape_controls(path, "");
  inputs.push_back({name, hash.empty() ? report::content_hash(std::string_view()) : hash});
  if (!request.names_name.empty()) inputs.push_back({request.names_name, report::content_hash(request.names_text)});
  add_own_catalog(catalog, inputs);
  return {reader.finish(targets), std::move(inputs)};
}

std::string text(const CodeAnswer& answer) { return report::code_text(answer.result); }
std::string json(const CodeAnswer& answer) { return report::code_json(answer.result, answer.inputs).dump() + "\n"; }
bool holds(const CodeAnswer& answer) {
  const auto& targets = answer.result.targets;
  return std::any_of(targets.begin(), targets.end(),
                     [](const migrate::TargetVerdict& target) { return target.decision != migrate::Decision::kNoGo; });
}

PlatformsAnswer migrate_targets(const catalog::Catalog& catalog) {
  PlatformsAnswer answer{answer::known_targets(catalog)};
  add_own_catalog(catalog, answer.inputs);
  return answer;
}

std::string text(const PlatformsAnswer& answer) { return report::platforms_text(answer.result); }
std::string json(const PlatformsAnswer& answer) {
  return report::platforms_json(answer.result, answer.inputs).dump() + "\n";
}

}  // namespace socle::api
