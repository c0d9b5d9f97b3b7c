#include "socle/base/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/csv_rows.hpp"
#include "socle/base/error.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

bool is_number(std::string_view text) {
  double number = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

/// Controls are shown escaped, and what a spreadsheet would take for a formula begins with an apostrophe.
std::string harmless(const std::string& cell) {
  std::string safe = escape_controls(cell, "\n");
  const bool formula = !safe.empty() && std::string_view("=+-@").find(safe.front()) != std::string_view::npos;
  return formula && !is_number(safe) ? "'" + safe : safe;
}

std::string quoted_if_needed(const std::string& text) {
  const std::string cell = harmless(text);
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string out = "\"";
  for (const char c : cell) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

}  // namespace

CsvTable parse_csv(std::string_view text, std::string source_name) {
  CsvRows rows(text, std::move(source_name));
  CsvTable table;
  table.source_ = rows.source();
  table.columns_ = rows.columns();
  while (rows.next()) {
    std::vector<std::string>& cells = table.rows_.emplace_back();
    cells.reserve(table.columns_.size());
    for (std::size_t i = 0; i < table.columns_.size(); ++i) cells.emplace_back(rows.cell(i));
    table.lines_.push_back(rows.line());
  }
  rows.problems().throw_if_any();
  return table;
}

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

const std::string& CsvTable::cell(std::size_t row, std::string_view name) const {
  static const std::string kNone;
  SOCLE_CHECK(row < rows_.size(), "a row that exists is read");
  const std::optional<std::size_t> index = column(name);
  return index ? rows_[row][*index] : kNone;
}

std::optional<double> CsvTable::number(std::size_t row, std::string_view name) const {
  const std::string& text = cell(row, name);
  if (text.empty()) return std::nullopt;
  double value = 0.0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && stop == end && std::isfinite(value)) return value;
  throw InputError(Problem{source_, line(row), 0, std::string(name),
                           fmt::format("{} = \"{}\" is not a finite number", name, printable(text))});
}

std::optional<std::int64_t> CsvTable::integer(std::size_t row, std::string_view name) const {
  const std::optional<double> value = number(row, name);
  if (!value) return std::nullopt;
  if (*value == std::floor(*value) && std::fabs(*value) < 9e15) return static_cast<std::int64_t>(*value);
  throw InputError(Problem{source_, line(row), 0, std::string(name),
                           fmt::format("{} = \"{}\" is not a whole number", name, printable(cell(row, name)))});
}

void CsvTable::require_columns(const std::vector<std::string>& names) const {
  Problems problems;
  for (const std::string& name : names) {
    if (column(name)) continue;
    problems.add({source_, 1, 0, name, fmt::format("column \"{}\" is missing{}", name, did_you_mean(name, columns_))});
  }
  problems.throw_if_any();
}

std::string write_csv(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows) {
  std::string out;
  const auto write_row = [&out, &columns](const std::vector<std::string>& cells) {
    SOCLE_CHECK(cells.size() == columns.size(), "a row is as long as the header");
    for (std::size_t i = 0; i < cells.size(); ++i) out += (i > 0 ? "," : "") + quoted_if_needed(cells[i]);
    out += '\n';
  };
  write_row(columns);
  for (const auto& row : rows) write_row(row);
  return out;
}

}  // namespace socle
