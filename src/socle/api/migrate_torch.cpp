#include "socle/api/migrate_torch.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "socle/api/source_tree.hpp"
#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/base/split_list.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/migrate/torch_report.hpp"

namespace socle::api {
namespace {

[[noreturn]] void refuse(const char* key, std::string message) {
  throw InputError(Problem{{}, 0, 0, key, std::move(message)});
}

std::vector<std::string> chips_of(const catalog::Catalog& catalog, const std::string& to) {
  if (to.empty()) refuse("to", "--to is missing; name chips of Huawei: --to ascend-910c,ascend-950dt");
  std::vector<std::string> chips;
  for (const std::string& name : split_list(to)) {
    const catalog::Chip chip = catalog.chip(name);
    if (chip.vendor != "Huawei")
      refuse("to",
             fmt::format("{} is of {}: pages of PyTorch's names are known for Ascend only; `socle migrate cuda` reads "
                         "sources for HIP and MUSA",
                         chip.name, chip.vendor));
    if (std::find(chips.begin(), chips.end(), chip.slug) != chips.end())
      refuse("to", fmt::format("--to names {} twice", printable(name)));
    chips.push_back(chip.slug);
  }
  return chips;
}

}  // namespace

TorchAnswer migrate_torch(const catalog::Catalog& catalog, const std::vector<std::string>& paths, const std::string& to,
                          Progress* progress, const std::string& facts_name, const std::string& facts_text) {
  const std::vector<std::string> chips = chips_of(catalog, to);
  if (paths.empty()) refuse("PATH", "no sources; name folders or files of Python");
  std::optional<CsvTable> own;
  if (!facts_name.empty()) own = parse_csv(facts_text, facts_name);
  answer::TorchReader reader(catalog, own ? &*own : nullptr);
  const SourceTree tree = source_tree(paths);
  if (progress) progress->begin("reading sources", tree.files.size());
  std::string hash;
  std::size_t read = 0;
  for (const std::string& file : tree.files) {
    advance(progress);
    if (migrate::language_of(file) != migrate::Language::kPython) continue;
    const std::string source = read_file(file);
    if (source.find('\0') != std::string::npos) continue;
    reader.read(file, source);
    hash = report::content_hash(hash + file + "\n" + report::content_hash(source));
    ++read;
  }
  if (read == 0) refuse("PATH", "there is no Python below it; `socle migrate cuda` reads C++");
  std::string name;
  for (const std::string& path : paths) name += (name.empty() ? "" : " ") + escape_controls(path, "");
  std::vector<report::InputText> inputs{{name, hash}};
  if (own) inputs.push_back({facts_name, report::content_hash(facts_text)});
  add_own_catalog(catalog, inputs);
  return {reader.finish(chips), std::move(inputs)};
}

std::string text(const TorchAnswer& answer) { return report::torch_text(answer.result); }
std::string json(const TorchAnswer& answer) { return report::torch_json(answer.result, answer.inputs).dump() + "\n"; }
bool holds(const TorchAnswer& answer) {
  const auto& targets = answer.result.targets;
  return std::any_of(targets.begin(), targets.end(),
                     [](const answer::TorchVerdict& target) { return target.decision != migrate::Decision::kNoGo; });
}

}  // namespace socle::api
