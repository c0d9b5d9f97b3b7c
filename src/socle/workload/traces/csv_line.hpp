#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socle::workload {

/// Cells of one line of CSV: RFC 4180 without line ends inside quotes. Blanks around cells are not part of them.
class CsvLine {
 public:
  /// Throws InputError without a place for a quote that never ends or text behind one.
  void split(std::string_view line);
  std::size_t size() const { return cells_.size(); }
  /// Valid until split() and while the line is. Requires: index < size().
  std::string_view cell(std::size_t index) const;

 private:
  struct Cell {
    std::string_view text;
    std::size_t unquoted = 0;  ///< 1 + index into unquoted_; 0: in the line itself
  };
  void split_quoted(std::string_view line);

  std::vector<Cell> cells_;
  std::vector<std::string> unquoted_;
};

/// The header of a CSV trace, and its rows.
class CsvTraceTable {
 public:
  /// Takes the header. Throws InputError without a place for a column that is named twice.
  void header(std::string_view line);
  /// Index of the column that has one of these names. Throws InputError when two have.
  std::optional<std::size_t> column(const std::vector<std::string_view>& names) const;
  const std::vector<std::string>& columns() const { return columns_; }
  /// Takes a row. Throws InputError when it has not as many cells as the header.
  void row(std::string_view line);
  std::string_view text(std::size_t column) const { return line_.cell(column); }
  /// The cell as a finite number. Throws InputError that names the column.
  double number(std::size_t column) const;

 private:
  std::vector<std::string> columns_;
  CsvLine line_;
};

}  // namespace socle::workload
