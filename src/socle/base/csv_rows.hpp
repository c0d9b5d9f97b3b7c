#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/error.hpp"

namespace socle {

/// A CSV text row by row, nothing of it kept: for files of millions of rows. The same dialect as `parse_csv`.
///
/// Usage: while (rows.next()) ... rows.cell(i) ...; then rows.problems().throw_if_any().
class CsvRows {
 public:
  /// Reads the header. Throws InputError as `parse_csv` does. Requires: `text` outlives the reader.
  CsvRows(std::string_view text, std::string source);

  const std::vector<std::string>& columns() const { return columns_; }
  std::optional<std::size_t> column(std::string_view name) const;
  /// Throws InputError naming the columns that are missing.
  void require_columns(const std::vector<std::string>& names) const;

  /// Goes to the next row that has as many cells as the header; others are added to `problems()`. False after the last
  /// one. Throws InputError for a quote that is never closed or text behind one.
  bool next();
  /// Valid until `next()`. Requires: a row was read, and column < columns().size().
  std::string_view cell(std::size_t column) const;
  /// Line of the source on which the row starts.
  int line() const { return row_line_; }
  const std::string& source() const { return source_; }
  Problems& problems() { return problems_; }

 private:
  /// A cell inside the text, or, when doubled quotes had to be undone, inside `unquoted_`.
  struct Cell {
    std::size_t begin = 0, length = 0;
    bool unquoted = false;
  };
  bool read_record();
  void read_plain();
  void read_quoted();
  bool at_line_end() const { return text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n"; }
  [[noreturn]] void refuse(int line, std::string message) const;

  std::string_view text_;
  std::string source_;
  std::vector<std::string> columns_;
  std::vector<Cell> cells_;
  std::string unquoted_;
  Problems problems_;
  std::size_t at_ = 0;
  int line_ = 1, row_line_ = 0;
};

}  // namespace socle
