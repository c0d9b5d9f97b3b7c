#include "socle/workload/traces/csv_line.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/check.hpp"
#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"

namespace socle::workload {
namespace {

[[noreturn]] void refuse(std::string key, std::string message) {
  throw InputError(Problem{{}, 0, 0, std::move(key), std::move(message)});
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

void CsvLine::split(std::string_view line) {
  cells_.clear();
  unquoted_.clear();
  if (line.find('"') != std::string_view::npos) return split_quoted(line);
  while (true) {
    const std::size_t comma = line.find(',');
    cells_.push_back({trimmed(line.substr(0, comma)), 0});
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

void CsvLine::split_quoted(std::string_view line) {
  while (true) {
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    std::size_t comma = line.find(',');
    if (!line.starts_with('"')) {
      cells_.push_back({trimmed(line.substr(0, comma)), 0});
    } else {
      std::string text;
      std::size_t at = 1;
      for (;; ++at) {
        if (at >= line.size()) refuse({}, "a quoted cell never ends; close its quote on the same line");
        if (line[at] == '"' && line.substr(at, 2) != "\"\"") break;
        at += line[at] == '"' ? 1 : 0;
        text += line[at];
      }
      comma = line.find_first_not_of(' ', at + 1);
      if (comma != std::string_view::npos && line[comma] != ',')
        refuse({}, "text follows the closing quote of a cell; separate cells by commas");
      unquoted_.push_back(std::move(text));
      cells_.push_back({{}, unquoted_.size()});
    }
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

std::string_view CsvLine::cell(std::size_t index) const {
  SOCLE_CHECK(index < cells_.size(), "a cell that exists is read");
  const Cell& cell = cells_[index];
  return cell.unquoted > 0 ? std::string_view(unquoted_[cell.unquoted - 1]) : cell.text;
}

void CsvTraceTable::header(std::string_view line) {
  line_.split(line);
  columns_.clear();
  for (std::size_t i = 0; i < line_.size(); ++i) {
    columns_.emplace_back(line_.cell(i));
    if (!columns_.back().empty() && std::count(columns_.begin(), columns_.end(), columns_.back()) > 1)
      refuse(columns_.back(), fmt::format("column \"{}\" is named twice; rename one", printable(columns_.back())));
  }
}

std::optional<std::size_t> CsvTraceTable::column(const std::vector<std::string_view>& names) const {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (std::find(names.begin(), names.end(), columns_[i]) == names.end()) continue;
    if (found)
      refuse(columns_[i], fmt::format("columns {} and {} mean the same; leave one out", columns_[*found], columns_[i]));
    found = i;
  }
  return found;
}

void CsvTraceTable::row(std::string_view line) {
  line_.split(line);
  if (line_.size() != columns_.size())
    refuse({}, fmt::format("the row has {} cells, the header {} columns; the row is cut off or a comma is missing",
                           line_.size(), columns_.size()));
}

double CsvTraceTable::number(std::size_t column) const {
  const std::string_view text = line_.cell(column);
  double value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size() || !std::isfinite(value))
    refuse(columns_[column],
           fmt::format("{} = \"{}\" is not a finite number", printable(columns_[column]), printable(text)));
  return value;
}

}  // namespace socle::workload
