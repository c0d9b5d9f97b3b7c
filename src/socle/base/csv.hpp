#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socle {

/// A CSV text with a header row, read whole. Every row has as many cells as the header has columns.
class CsvTable {
 public:
  const std::vector<std::string>& columns() const { return columns_; }
  std::size_t rows() const { return rows_.size(); }
  std::optional<std::size_t> column(std::string_view name) const;

  /// The cell, or an empty text when there is no such column. Requires: row < rows().
  const std::string& cell(std::size_t row, std::string_view column) const;
  const std::vector<std::string>& row(std::size_t row) const { return rows_[row]; }
  /// Line of the source on which the row starts, for messages.
  int line(std::size_t row) const { return lines_[row]; }
  const std::string& source() const { return source_; }

  /// The cell as a finite number; empty when the cell is empty. Throws InputError when it is anything else.
  std::optional<double> number(std::size_t row, std::string_view column) const;
  /// The same for whole numbers.
  std::optional<std::int64_t> integer(std::size_t row, std::string_view column) const;
  /// Throws InputError naming the columns that are missing.
  void require_columns(const std::vector<std::string>& names) const;

 private:
  friend CsvTable parse_csv(std::string_view text, std::string source_name);
  std::string source_;
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<int> lines_;
};

/// Reads RFC 4180 text: quoted cells may hold commas, quotes (doubled) and line ends; LF or CRLF; a byte order mark is
/// dropped; blank lines are skipped. Throws InputError with every ragged row, or for an empty text, a repeated or
/// unnamed column, an unterminated quote, and text that is not UTF-8.
CsvTable parse_csv(std::string_view text, std::string source_name);

/// Writes one table; cells are quoted when they must be, controls shown escaped, and what a spreadsheet would take for
/// a formula begins with an apostrophe. Requires: rows as long as the header.
std::string write_csv(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows);

}  // namespace socle
