#pragma once

#include <string>
#include <vector>

namespace socle {

enum class Align { kLeft, kRight };

struct TextColumn {
  std::string heading;
  Align align = Align::kLeft;
  bool whole = false;  ///< never cut, e.g. names that a user types
};

/// A plain-text table: two spaces between columns, a rule under the headings, no trailing blanks. Chinese text counts
/// two columns. When the table is wider than its limit, left-aligned columns that may be are cut, the widest first, and
/// end in "..".
class TextTable {
 public:
  explicit TextTable(std::vector<TextColumn> columns, int width_max = 100)
      : columns_(std::move(columns)), width_max_(width_max) {}

  /// Requires: as many cells as columns.
  void add_row(std::vector<std::string> cells);
  std::size_t rows() const { return rows_.size(); }
  std::string str() const;

 private:
  std::vector<TextColumn> columns_;
  std::vector<std::vector<std::string>> rows_;
  int width_max_;
};

/// Breaks text at spaces into lines of at most `width` columns, each after `indent` blanks.
std::string wrap_text(const std::string& text, int width, int indent);

}  // namespace socle
