#include "socle/migrate/onnx/facts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"

namespace socle::migrate::onnx {
namespace {

[[noreturn]] void refuse(const CsvTable& table, std::size_t row, const char* column, std::string message) {
  throw InputError(Problem{table.source(), table.line(row), 0, column, std::move(message)});
}

std::vector<std::string> split(const std::string& text, char between) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(between, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

/// One of the words, or the message that names them.
std::size_t word(const CsvTable& table, std::size_t row, const char* column, const std::vector<std::string>& words) {
  const std::string& text = table.cell(row, column);
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (text == words[i]) return i;
    all += (i == 0 ? "" : ", ") + words[i];
  }
  refuse(table, row, column, fmt::format("{} = \"{}\"; write one of: {}", column, printable(text, 40), all));
}

std::optional<int> version(const CsvTable& table, std::size_t row, const char* column) {
  const auto number = table.integer(row, column);
  if (!number) return std::nullopt;
  if (*number < 0 || *number > 1'000'000)
    refuse(table, row, column, fmt::format("{} = {}; a version is 1 or more", column, *number));
  return static_cast<int>(*number);
}

Backend backend_of(const CsvTable& table, std::size_t row) {
  const auto cell = [&](const char* column) { return table.cell(row, column); };
  Backend backend;
  backend.key = cell("backend");
  backend.name = cell("name");
  for (std::string& platform : split(cell("platforms"), ';')) backend.platforms.push_back(std::move(platform));
  backend.match = static_cast<Match>(word(table, row, "match", {"kernel", "opset", "name"}));
  backend.absent = status_of(table, row, "absent");
  backend.fallback = cell("fallback");
  backend.inlines = word(table, row, "inlines", {"no", "yes"}) == 1;
  backend.casts = cell("casts");
  backend.subgraphs = word(table, row, "subgraphs", {"no", "yes"}) == 1;
  if (const auto nodes = version(table, row, "gives_up")) backend.gives_up = static_cast<std::size_t>(*nodes);
  backend.opset_min = version(table, row, "opset_min");
  backend.opset_max = version(table, row, "opset_max");
  backend.ir_max = version(table, row, "ir_max");
  backend.dated = cell("dated");
  backend.evidence = static_cast<Evidence>(word(table, row, "evidence", {"E0", "E1", "E2", "E3", "E4"}));
  backend.source = cell("source");
  backend.meaning = cell("meaning");
  return backend;
}

/// "T=float|double;T1=int64"
auto types_of(const CsvTable& table, std::size_t row) {
  decltype(Fact::types) types;
  for (const std::string& part : split(table.cell(row, "types"), ';')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == part.size())
      refuse(table, row, "types",
             fmt::format("\"{}\" states no types; write T=float|float16, with ; between variables, or *=float for the "
                         "first input",
                         printable(part, 60)));
    types.emplace_back(part.substr(0, equals), split(part.substr(equals + 1), '|'));
  }
  return types;
}

}  // namespace

FactTable::FactTable(const CsvTable& backends, const std::vector<CsvTable>& packs, const CsvTable* own) {
  backends.require_columns({"backend", "name", "platforms", "match", "absent", "fallback", "inlines", "casts",
                            "subgraphs", "gives_up", "opset_min", "opset_max", "ir_max", "dated", "evidence", "source",
                            "meaning"});
  for (std::size_t row = 0; row < backends.rows(); ++row) backends_.push_back(backend_of(backends, row));
  for (const CsvTable& pack : packs) {
    pack.require_columns({"backend", "domain", "op", "from", "to", "types", "unless", "status", "note"});
    for (std::size_t row = 0; row < pack.rows(); ++row) add(pack, row, false);
  }
  if (!own) return;
  own->require_columns({"backend", "op", "status"});
  for (std::size_t row = 0; row < own->rows(); ++row) add(*own, row, true);
}

void FactTable::add(const CsvTable& table, std::size_t row, bool own) {
  const std::string& backend = table.cell(row, "backend");
  if (!find(backend)) {
    std::string all;
    for (const Backend& known : backends_) all += (all.empty() ? "" : ", ") + known.key;
    refuse(table, row, "backend", fmt::format("\"{}\" is no backend; write one of: {}", printable(backend, 40), all));
  }
  OpName name{table.cell(row, "domain"), table.cell(row, "op")};
  if (name.domain.empty()) name.domain = "ai.onnx";
  if (name.op.empty()) refuse(table, row, "op", "op is empty; name an operator, such as Conv");
  Fact fact;
  fact.from = version(table, row, "from").value_or(1);
  fact.to = version(table, row, "to");
  if (own && table.cell(row, "from").empty() && !fact.to) fact.to = 1'000'000;  // of any version
  fact.types = types_of(table, row);
  const std::string& unless = table.cell(row, "unless");
  if (!unless.empty()) {
    const std::size_t equals = unless.find('=');
    if (equals == std::string::npos || equals == 0)
      refuse(table, row, "unless", fmt::format("\"{}\" names no value; write attribute=value", printable(unless, 60)));
    fact.attribute = unless.substr(0, equals);
    fact.value = unless.substr(equals + 1);
    watched_.insert(fact.attribute);
  }
  fact.status = status_of(table, row, "status");
  fact.note = table.cell(row, "note");
  fact.own = own;
  std::vector<Fact>& facts = facts_[{backend, std::move(name)}];
  // The user's first, in their order; then settings that do not work; then the rest.
  const auto rank = [](const Fact& f) { return f.own ? 0 : f.attribute.empty() ? 2 : 1; };
  const auto place = std::upper_bound(facts.begin(), facts.end(), fact,
                                      [&](const Fact& a, const Fact& b) { return rank(a) < rank(b); });
  facts.insert(place, std::move(fact));
  ++rows_[backend];
}

const Backend* FactTable::find(std::string_view key) const {
  for (const Backend& backend : backends_) {
    if (backend.key == key) return &backend;
  }
  return nullptr;
}

const std::vector<Fact>& FactTable::of(const std::string& backend, const OpName& name) const {
  static const std::vector<Fact> none;
  const auto found = facts_.find({backend, name});
  return found == facts_.end() ? none : found->second;
}

std::size_t FactTable::rows_of(const std::string& backend) const {
  const auto found = rows_.find(backend);
  return found == rows_.end() ? 0 : found->second;
}

}  // namespace socle::migrate::onnx
