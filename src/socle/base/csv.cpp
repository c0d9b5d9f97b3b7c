#include "socle/base/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/error.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

struct Record {
  std::vector<std::string> cells;
  int line = 0;
};

/// Reads one record at a time and keeps count of lines.
class Scanner {
 public:
  Scanner(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  std::optional<Record> next() {
    while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) step();
    if (at_ >= text_.size()) return std::nullopt;
    Record record{{}, line_};
    for (;;) {
      record.cells.push_back(cell());
      if (at_ < text_.size() && text_[at_] == ',') {
        step();
        continue;
      }
      return record;
    }
  }

 private:
  void step() { line_ += text_[at_++] == '\n'; }
  bool at_line_end() const { return text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n"; }

  std::string cell() {
    std::string value;
    if (at_ < text_.size() && text_[at_] == '"') return quoted();
    while (at_ < text_.size() && text_[at_] != ',' && !at_line_end()) value += text_[at_++];
    return value;
  }

  std::string quoted() {
    const int start = line_;
    std::string value;
    step();
    for (;; step()) {
      if (at_ >= text_.size()) throw InputError(Problem{source_, start, 0, {}, "a quoted cell never ends"});
      if (text_[at_] != '"') {
        value += text_[at_];
      } else if (text_.substr(at_, 2) == "\"\"") {
        value += '"';
        step();
      } else {
        break;
      }
    }
    step();
    if (at_ < text_.size() && text_[at_] != ',' && !at_line_end()) {
      throw InputError(Problem{source_, line_, 0, {}, "text follows the closing quote of a cell"});
    }
    return value;
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t at_ = 0;
  int line_ = 1;
};

std::string quoted_if_needed(const std::string& cell) {
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string out = "\"";
  for (const char c : cell) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

}  // namespace

CsvTable parse_csv(std::string_view text, std::string source_name) {
  CsvTable table;
  table.source_ = std::move(source_name);
  const auto refuse = [&table](int line, std::string message) {
    throw InputError(Problem{table.source_, line, 0, {}, std::move(message)});
  };
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (const auto bad = find_invalid_utf8(text)) refuse(line_of(text, *bad), "the text is not valid UTF-8");
  Scanner scanner(text, table.source_);
  std::optional<Record> header = scanner.next();
  if (!header) refuse(0, "the text is empty; the first row names the columns");
  table.columns_ = std::move(header->cells);
  std::vector<std::string> sorted = table.columns_;
  std::sort(sorted.begin(), sorted.end());
  const auto repeated = std::adjacent_find(sorted.begin(), sorted.end());
  if (repeated != sorted.end()) refuse(header->line, fmt::format("column \"{}\" is named twice", printable(*repeated)));
  if (sorted.front().empty()) refuse(header->line, "a column has no name");

  Problems problems;
  while (std::optional<Record> record = scanner.next()) {
    if (record->cells.size() != table.columns_.size()) {
      problems.add({table.source_, record->line, 0, {},
                    fmt::format("{} cells in the row, {} columns in the header", record->cells.size(),
                                table.columns_.size())});
      continue;
    }
    table.rows_.push_back(std::move(record->cells));
    table.lines_.push_back(record->line);
  }
  problems.throw_if_any();
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
