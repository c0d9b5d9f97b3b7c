#include "socle/base/csv_rows.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"

namespace socle {

CsvRows::CsvRows(std::string_view text, std::string source) : text_(text), source_(std::move(source)) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  if (const auto bad = find_invalid_utf8(text_)) refuse(line_of(text_, *bad), "the text is not valid UTF-8");
  if (!read_record()) refuse(0, "the text is empty; the first row names the columns");
  for (std::size_t i = 0; i < cells_.size(); ++i) columns_.emplace_back(cell(i));
  std::vector<std::string> sorted = columns_;
  std::sort(sorted.begin(), sorted.end());
  const auto repeated = std::adjacent_find(sorted.begin(), sorted.end());
  if (repeated != sorted.end()) refuse(row_line_, fmt::format("column \"{}\" is named twice", printable(*repeated)));
  if (sorted.front().empty()) refuse(row_line_, "a column has no name");
}

void CsvRows::refuse(int line, std::string message) const {
  throw InputError(Problem{source_, line, 0, {}, std::move(message)});
}

std::optional<std::size_t> CsvRows::column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

void CsvRows::require_columns(const std::vector<std::string>& names) const {
  Problems problems;
  for (const std::string& name : names) {
    if (column(name)) continue;
    problems.add({source_, 1, 0, name, fmt::format("column \"{}\" is missing{}", name, did_you_mean(name, columns_))});
  }
  problems.throw_if_any();
}

bool CsvRows::next() {
  while (read_record()) {
    if (cells_.size() == columns_.size()) return true;
    problems_.add({source_,
                   row_line_,
                   0,
                   {},
                   fmt::format("{} cells in the row, {} columns in the header", cells_.size(), columns_.size())});
  }
  return false;
}

std::string_view CsvRows::cell(std::size_t column) const {
  SOCLE_CHECK(column < cells_.size(), "a cell that exists is read");
  const Cell& cell = cells_[column];
  return (cell.unquoted ? std::string_view(unquoted_) : text_).substr(cell.begin, cell.length);
}

bool CsvRows::read_record() {
  cells_.clear();
  unquoted_.clear();
  while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) line_ += text_[at_++] == '\n';
  if (at_ >= text_.size()) return false;
  row_line_ = line_;
  for (;; ++at_) {
    if (at_ < text_.size() && text_[at_] == '"')
      read_quoted();
    else
      read_plain();
    if (at_ >= text_.size() || text_[at_] != ',') return true;
  }
}

void CsvRows::read_plain() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && text_[at_] != ',' && !at_line_end()) ++at_;
  cells_.push_back({begin, at_ - begin, false});
}

void CsvRows::read_quoted() {
  const int start = line_;
  Cell cell{++at_, 0, false};
  for (;; ++at_) {
    if (at_ >= text_.size()) refuse(start, "a quoted cell never ends");
    line_ += text_[at_] == '\n';
    if (text_[at_] == '"') {
      if (text_.substr(at_, 2) != "\"\"") break;
      if (!cell.unquoted) {
        const std::size_t begin = unquoted_.size();
        unquoted_.append(text_.substr(cell.begin, cell.length));
        cell = {begin, cell.length, true};
      }
      ++at_;
    }
    if (cell.unquoted) unquoted_ += text_[at_];
    ++cell.length;
  }
  ++at_;
  if (at_ < text_.size() && text_[at_] != ',' && !at_line_end())
    refuse(line_, "text follows the closing quote of a cell");
  cells_.push_back(cell);
}

}  // namespace socle
