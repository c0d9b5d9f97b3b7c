#include "socle/answer/migrate/onnx_migration.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/split_list.hpp"
#include "socle/base/utf8.hpp"
#include "socle/migrate/onnx/read_model.hpp"

namespace socle::answer {
namespace {

namespace onnx = migrate::onnx;

CsvTable pack(const catalog::Catalog& catalog, const char* path) {
  return parse_csv(catalog.text_of(path), catalog.source_of(path));
}

onnx::FactTable facts_of(const catalog::Catalog& catalog, std::string_view own, const std::string& own_source) {
  const CsvTable backends = pack(catalog, "compat/onnx-backends.csv");
  const std::vector<CsvTable> packs{pack(catalog, "compat/onnx-ort-cpu.csv"),
                                    pack(catalog, "compat/onnx-operators.csv")};
  if (own_source.empty()) return {backends, packs, nullptr};
  const CsvTable rows = parse_csv(own, own_source);
  return {backends, packs, &rows};
}

[[noreturn]] void refuse_backend(const OnnxTables& tables, const std::string& key) {
  std::string all = "all";
  for (const onnx::Backend& backend : tables.facts.backends()) {
    all += ", " + backend.key;
    for (const std::string& platform : backend.platforms) all += " (" + platform + ")";
  }
  throw InputError(Problem{
      {},
      0,
      0,
      "--to",
      fmt::format("--to = \"{}\"; write backends or platforms with commas between: {}", printable(key, 40), all)});
}

}  // namespace

std::unique_ptr<const OnnxTables> onnx_tables(const catalog::Catalog& catalog, std::string_view own,
                                              const std::string& own_source) {
  return std::make_unique<const OnnxTables>(
      OnnxTables{onnx::SchemaTable(pack(catalog, "compat/onnx-schemas.csv")), facts_of(catalog, own, own_source)});
}

std::vector<const onnx::Backend*> onnx_backends(const OnnxTables& tables, const std::string& to) {
  std::vector<const onnx::Backend*> backends;
  const auto add = [&](const onnx::Backend& backend) {
    if (std::find(backends.begin(), backends.end(), &backend) == backends.end()) backends.push_back(&backend);
  };
  if (to.empty()) refuse_backend(tables, to);
  for (const std::string& key : split_list(to)) {
    bool known = false;
    for (const onnx::Backend& backend : tables.facts.backends()) {
      const auto& platforms = backend.platforms;
      if (key != "all" && key != backend.key && std::find(platforms.begin(), platforms.end(), key) == platforms.end())
        continue;
      add(backend);
      known = true;
    }
    if (!known) refuse_backend(tables, key);
  }
  return backends;
}

OnnxFile migrate_onnx_file(const OnnxTables& tables, const std::vector<const onnx::Backend*>& backends,
                           const onnx::FileBytes& file, const onnx::ExternalSize& external_size) {
  const onnx::Model model = onnx::read_model(file);
  OnnxFile answer{.name = file.name,
                  .bytes = file.bytes.size(),
                  .requirement = onnx::require(model, file.name, tables.schemas, tables.facts.watched(), external_size),
                  .targets = {}};
  for (const onnx::Backend* backend : backends)
    answer.targets.push_back(onnx::judge(tables.facts, tables.schemas, model, answer.requirement, *backend));
  return answer;
}

std::string onnx_use_text(const onnx::OpUse& use) {
  std::string types;
  for (const onnx::TypeName& type : use.inputs) {
    if (!type.empty()) types += (types.empty() ? "" : ", ") + type;
  }
  const bool standard = use.name.domain == onnx::kStandardDomain;
  return printable((standard ? "" : use.name.domain + ".") + use.name.op, 60) +
         (use.since > 0 ? " " + std::to_string(use.since) : "") + (types.empty() ? "" : " (" + types + ")");
}

std::vector<OnnxBlocker> onnx_blockers(const OnnxFile& file, const onnx::OnnxVerdict& verdict) {
  std::vector<OnnxBlocker> blockers;
  for (const std::string& whole : verdict.blockers)
    blockers.push_back({.item = "model", .place = {}, .why = whole, .nodes = 0, .evidence = verdict.backend->evidence});
  const auto whole = static_cast<std::ptrdiff_t>(blockers.size());
  for (std::size_t i = 0; i < verdict.uses.size(); ++i) {
    const onnx::OpUse& use = file.requirement.uses[i];
    if (migrate::counts_as_yes(verdict.uses[i].status)) continue;
    blockers.push_back({.item = onnx_use_text(use),
                        .place = use.first,
                        .why = verdict.uses[i].why,
                        .nodes = use.nodes,
                        .evidence = verdict.uses[i].evidence});
  }
  std::stable_sort(blockers.begin() + whole, blockers.end(),
                   [](const OnnxBlocker& a, const OnnxBlocker& b) { return a.nodes > b.nodes; });
  return blockers;
}

}  // namespace socle::answer
