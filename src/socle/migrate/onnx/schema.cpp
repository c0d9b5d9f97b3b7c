#include "socle/migrate/onnx/schema.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"

namespace socle::migrate::onnx {
namespace {

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> found;
  std::size_t at = 0;
  while ((at = text.find_first_not_of(' ', at)) != std::string::npos) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    found.push_back(text.substr(at, end - at));
    at = end;
  }
  return found;
}

/// Types begin with a small letter, variables with a capital.
Formal formal_of(std::string text) {
  Formal formal;
  formal.variadic = text.back() == '*';
  if (text.back() == '*' || text.back() == '?') text.pop_back();
  (text.empty() || (text[0] >= 'A' && text[0] <= 'Z') ? formal.variable : formal.type) = std::move(text);
  return formal;
}

std::vector<Formal> formals_of(const std::string& text) {
  std::vector<Formal> formals;
  for (std::string& word : words(text)) formals.push_back(formal_of(std::move(word)));
  return formals;
}

int version_of(const CsvTable& table, std::size_t row, const std::string& text, const char* column) {
  int version = 0;
  for (const char c : text) version = c >= '0' && c <= '9' && version < 1'000'000 ? version * 10 + (c - '0') : -1;
  if (version <= 0)
    throw InputError(Problem{table.source(), table.line(row), 0, column,
                             fmt::format("\"{}\" is no version of an operator; write 1 or more", printable(text, 40))});
  return version;
}

std::vector<BodyOp> body_of(const CsvTable& table, std::size_t row) {
  std::vector<BodyOp> body;
  for (const std::string& word : words(table.cell(row, "body"))) {
    const std::size_t at = word.find('@');
    body.push_back(
        {word.substr(0, at), version_of(table, row, at == std::string::npos ? "" : word.substr(at + 1), "body")});
  }
  return body;
}

}  // namespace

SchemaTable::SchemaTable(const CsvTable& pack) {
  pack.require_columns({"domain", "op", "since", "inputs", "outputs", "body"});
  for (std::size_t row = 0; row < pack.rows(); ++row) {
    const OpName name{pack.cell(row, "domain"), pack.cell(row, "op")};
    const int since = version_of(pack, row, pack.cell(row, "since"), "since");
    operators_[name].push_back(
        {since, formals_of(pack.cell(row, "inputs")), formals_of(pack.cell(row, "outputs")), body_of(pack, row)});
    if (name.domain == "ai.onnx") latest_ = std::max(latest_, since);
  }
  for (auto& [name, versions] : operators_)
    std::sort(versions.begin(), versions.end(), [](const Schema& a, const Schema& b) { return a.since < b.since; });
}

const std::vector<Schema>& SchemaTable::versions(const OpName& name) const {
  static const std::vector<Schema> none;
  const auto found = operators_.find(name);
  return found == operators_.end() ? none : found->second;
}

const Schema* SchemaTable::find(const OpName& name, int opset) const {
  const Schema* latest = nullptr;
  for (const Schema& schema : versions(name)) {
    if (schema.since <= opset) latest = &schema;
  }
  return latest;
}

const Formal* formal_at(const std::vector<Formal>& formals, std::size_t place) {
  if (place < formals.size()) return &formals[place];
  return !formals.empty() && formals.back().variadic ? &formals.back() : nullptr;
}

}  // namespace socle::migrate::onnx
