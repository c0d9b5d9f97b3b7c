#include "socle/answer/migrate/torch_migration.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "socle/base/csv.hpp"
#include "socle/base/utf8.hpp"
#include "socle/migrate/code/torch_names.hpp"
#include "socle/migrate/code/verdict.hpp"

namespace socle::answer {
namespace {

using migrate::Decision;
using migrate::Hazard;
using migrate::Status;

constexpr std::array<const char*, 3> kColumns{"a2", "a3", "950dt"};
constexpr double kHoursPerLimit = 0.25;

CsvTable table_of(const catalog::Catalog& catalog, const char* path) {
  return parse_csv(catalog.text_of(path), catalog.source_of(path));
}

std::string column_of(const std::string& chip) {
  if (chip.starts_with("ascend-910b")) return "a2";
  if (chip == "ascend-910c") return "a3";
  return chip == "ascend-950dt" ? "950dt" : std::string();
}

void count(migrate::Count& count, const TorchUse& use) {
  count.uses += use.uses;
  ++count.names;
}

/// What hazards of Python ask for under torch_npu: its shim patches torch.cuda, Triton has a backend of its own, CUDA
/// extensions are written anew.
void add_hazards(const migrate::Census& census, TorchVerdict& verdict) {
  verdict.checks = census.of(Hazard::kTorchCuda).places + census.of(Hazard::kTriton).places;
  verdict.rewrites = census.of(Hazard::kCudaExtension).places;
}

void judge(TorchVerdict& verdict) {
  verdict.hours = migrate::kHoursPerMissingName * static_cast<double>(verdict.unsupported.names) +
                  migrate::kHoursPerUnknownName * static_cast<double>(verdict.unknown.names) +
                  kHoursPerLimit * static_cast<double>(verdict.partial.names) +
                  migrate::kHoursPerCheck * static_cast<double>(verdict.checks) +
                  migrate::kHoursPerRewrite * static_cast<double>(verdict.rewrites);
  verdict.effort = migrate::effort_of(verdict.hours);
  if (verdict.column.empty() || verdict.coverage() < migrate::kCoverageLeast)
    verdict.decision = Decision::kNoGo;
  else
    verdict.decision = verdict.hours > 0 ? Decision::kGoWithWork : Decision::kGo;
}

}  // namespace

TorchReader::TorchReader(const catalog::Catalog& catalog, const CsvTable* own)
    : cuda_(table_of(catalog, "compat/cuda-names.csv"), nullptr) {
  const CsvTable pack = table_of(catalog, "compat/torch-npu.csv");
  pack.require_columns({"name", "a2", "a3", "950dt"});
  know(pack);
  if (own == nullptr) return;
  own->require_columns({"name"});
  know(*own);
}

void TorchReader::know(const CsvTable& table) {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    auto& there = known_[table.cell(row, "name")];
    for (const char* column : kColumns) {
      const bool said = !table.cell(row, column).empty();
      if (said || !there.contains(column)) there[column] = migrate::status_of(table, row, column);
    }
  }
}

void TorchReader::read(const std::string& name, std::string_view source) {
  const migrate::FileScan scan = migrate::scan(source, migrate::Language::kPython, false, cuda_);
  const std::string shown = escape_controls(name, "");
  result_.census.add(shown, source, migrate::Language::kPython, scan);
  ++result_.files;
  result_.lines += static_cast<std::size_t>(scan.lines);
  for (const migrate::TorchName& found : migrate::torch_names(source)) {
    if (migrate::is_torch_constant(found.name)) continue;
    // A module that holds names of the pages is not a name itself: `torch.nn`.
    const auto after = known_.lower_bound(found.name + ".");
    const bool module = after != known_.end() && after->first.starts_with(found.name + ".");
    if (module && !known_.contains(found.name)) continue;
    TorchUse& use = result_.names[found.name];
    if (use.uses++ == 0) use.first = {shown, found.line};
  }
}

TorchResult TorchReader::finish(const std::vector<std::string>& chips) {
  for (const std::string& chip : chips) {
    TorchVerdict verdict;
    verdict.chip = chip;
    verdict.column = column_of(chip);
    for (const auto& [name, use] : result_.names) {
      const auto row = known_.find(name);
      const Status status =
          row == known_.end() || verdict.column.empty() ? Status::kUnknown : row->second.at(verdict.column);
      result_.status[name].push_back(status);
      count(status == Status::kSupported     ? verdict.supported
            : status == Status::kPartial     ? verdict.partial
            : status == Status::kUnsupported ? verdict.unsupported
                                             : verdict.unknown,
            use);
    }
    add_hazards(result_.census, verdict);
    judge(verdict);
    result_.targets.push_back(std::move(verdict));
  }
  return std::move(result_);
}

}  // namespace socle::answer
