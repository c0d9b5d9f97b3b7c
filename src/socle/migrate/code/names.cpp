#include "socle/migrate/code/names.hpp"

#include <cctype>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"

namespace socle::migrate {
namespace {

/// A spelling that may stand in a source file: an identifier, or the path of a header.
bool spelled(const std::string& name) {
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || !(std::isalnum(byte) || c == '_' || c == '/' || c == '.' || c == '-')) return false;
  }
  return true;
}

}  // namespace

const char* target_key(Target target) {
  static constexpr std::array<const char*, kTargets.size()> kKeys{"hip", "musa", "maca", "supa", "cnrt", "ascend"};
  return kKeys[static_cast<std::size_t>(target)];
}

const char* target_name(Target target) {
  static constexpr std::array<const char*, kTargets.size()> kNames{
      "AMD HIP", "Moore Threads MUSA", "MetaX MACA", "Biren SUPA", "Cambricon CNRT", "Huawei AscendCL"};
  return kNames[static_cast<std::size_t>(target)];
}

Target target_of(const std::string& key) {
  for (const Target target : kTargets) {
    if (key == target_key(target)) return target;
  }
  throw InputError(
      Problem{{},
              0,
              0,
              "--to",
              fmt::format("--to = \"{}\"; write hip, musa, maca, supa, cnrt, ascend or several, with commas between",
                          printable(key, 40))});
}

NameTable::NameTable(const CsvTable& pack, const CsvTable* own) {
  pack.require_columns({"cuda", "library", "kind", "hip", "hip_status", "musa", "musa_status"});
  for (std::size_t row = 0; row < pack.rows(); ++row) add(pack, row, false);
  for (const std::string& column : pack.columns()) {
    std::size_t known = 0;
    for (std::size_t row = 0; row < pack.rows(); ++row) known += !pack.cell(row, column).empty();
    known_.emplace_back(column, known);
  }
  if (!own) return;
  own->require_columns({"cuda"});
  for (std::size_t row = 0; row < own->rows(); ++row) add(*own, row, true);
}

void NameTable::add(const CsvTable& table, std::size_t row, bool own) {
  Name name{table.cell(row, "cuda"), table.cell(row, "library"), table.cell(row, "kind"), {}, own};
  if (name.library.empty()) name.library = "own";
  if (name.kind.empty()) name.kind = name.cuda.find('.') != std::string::npos ? "header" : "name";
  for (const Target target : kTargets) {
    const std::string column = target_key(target);
    Name::There& there = name.there[static_cast<std::size_t>(target)];
    there = {table.cell(row, column), status_of(table, row, column + "_status")};
    if (!there.name.empty() && there.status == Status::kUnknown) there.status = Status::kPartial;
    if (counts_as_yes(there.status) && there.name.empty())
      throw InputError(Problem{table.source(), table.line(row), 0, column,
                               fmt::format("{} is {} on {} but has no name there; fill in {}", printable(name.cuda, 60),
                                           status_key(there.status), column, column)});
    if (!spelled(there.name))
      throw InputError(Problem{table.source(), table.line(row), 0, column,
                               fmt::format("\"{}\" is no name that a source file can hold; letters, digits, _ / . -",
                                           printable(there.name, 60))});
  }
  if (name.cuda.empty() || !spelled(name.cuda))
    throw InputError(Problem{
        table.source(), table.line(row), 0, "cuda",
        fmt::format("\"{}\" is no CUDA name; write an identifier or the path of a header", printable(name.cuda, 60))});
  const auto [place, is_new] = places_.try_emplace(name.cuda, names_.size());
  if (is_new)
    names_.push_back(std::move(name));
  else if (own)
    names_[place->second] = std::move(name);
  else
    throw InputError(Problem{table.source(), table.line(row), 0, "cuda", name.cuda + " stands here twice"});
}

std::optional<std::size_t> NameTable::find(std::string_view cuda) const {
  const auto place = places_.find(std::string(cuda));
  if (place == places_.end()) return std::nullopt;
  return place->second;
}

std::size_t NameTable::known_in(std::string_view column) const {
  for (const auto& [name, known] : known_) {
    if (name == column) return known;
  }
  return 0;
}

bool looks_like_cuda(std::string_view name) {
  static constexpr std::array<std::string_view, 14> kPrefixes{"cuda",     "cublas",   "cudnn", "cufft", "curand",
                                                              "cusparse", "cusolver", "nccl",  "nvrtc", "nvml",
                                                              "nvtx",     "nvjpeg",   "cupti", "cuFile"};
  for (const std::string_view prefix : kPrefixes) {
    if (name.starts_with(prefix) && name.size() > prefix.size() &&
        std::isupper(static_cast<unsigned char>(name[prefix.size()])))
      return true;
  }
  return false;
}

}  // namespace socle::migrate
