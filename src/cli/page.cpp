#include "cli/page.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "socle/api/face.hpp"

namespace socle::cli {
namespace {

constexpr std::size_t kPage = 100;  // what reports are written for

/// First and last column of a table, as its rule draws it.
using Span = std::pair<std::size_t, std::size_t>;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

/// Columns of a rule such as "----  ------"; empty for any other line.
std::vector<Span> columns_of(const std::string& line) {
  if (line.find_first_not_of("- ") != std::string::npos || line.find("---") == std::string::npos) return {};
  std::vector<Span> columns;
  for (std::size_t at = line.find('-'); at != std::string::npos;) {
    const std::size_t end = std::min(line.find(' ', at), line.size());
    columns.emplace_back(at, end);
    at = line.find('-', end);
  }
  return columns;
}

/// The part of a line between two columns of the page; a character that is two wide counts twice.
std::string slice(const std::string& line, std::size_t from, std::size_t to) {
  const std::size_t first = fit_width(line, static_cast<int>(from)).size();
  const std::string_view rest = std::string_view(line).substr(std::min(first, line.size()));
  return std::string(fit_width(rest, static_cast<int>(to - from)));
}

/// Groups of columns, each with the first, that keep to the width.
std::vector<std::vector<Span>> folded(const std::vector<Span>& columns, int width) {
  const auto length = [](const Span& span) { return static_cast<int>(span.second - span.first); };
  std::vector<std::vector<Span>> groups{{columns.front()}};
  int used = length(columns.front());
  for (std::size_t i = 1; i < columns.size(); ++i) {
    if (used + 2 + length(columns[i]) > width && groups.back().size() > 1) {
      groups.push_back({columns.front()});
      used = length(columns.front());
    }
    groups.back().push_back(columns[i]);
    used += 2 + length(columns[i]);
  }
  return groups;
}

std::string padded(std::string cell, std::size_t width) {
  const int blanks = static_cast<int>(width) - display_width(cell);
  return blanks > 0 ? cell + std::string(static_cast<std::size_t>(blanks), ' ') : cell;
}

void trim(std::string& line) { line.erase(line.find_last_not_of(' ') + 1); }

/// Columns that the first one may take beside the widest of the others.
std::size_t first_width(const std::vector<Span>& columns, int width) {
  std::size_t widest = 0;
  for (std::size_t i = 1; i < columns.size(); ++i) widest = std::max(widest, columns[i].second - columns[i].first);
  const std::size_t room = static_cast<std::size_t>(std::max(width - 2 - static_cast<int>(widest), width / 3));
  return std::min(columns.front().second - columns.front().first, room);
}

/// One row of a group of columns. A cell that is too long for a column of its own stands on several lines: a name
/// before its figures, words beside their name downwards.
std::string row_text(const std::string& row, bool rule, const Span& names, std::size_t room,
                     const std::vector<Span>& group, const Span& last, int width) {
  const std::string name = rule ? std::string(room, '-') : slice(row, names.first, names.second);
  std::vector<std::string> lines = lines_of(wrap_text(name, static_cast<int>(room), 0));
  if (lines.empty()) lines.emplace_back();
  std::string text;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) text += lines[i] + "\n";
  std::string line = padded(lines.back(), room);
  for (std::size_t i = 1; i < group.size(); ++i) {
    // The last column of a page may run beyond its rule.
    const bool open = group[i] == last;
    line += "  " + padded(slice(row, group[i].first, open ? 2 * kPage : group[i].second),
                          open ? 0 : group[i].second - group[i].first);
  }
  trim(line);
  if (group.size() != 2 || display_width(line) <= width) return text + line + "\n";
  const int beside = width - static_cast<int>(room) - 2;
  if (rule) return text + line.substr(0, static_cast<std::size_t>(width)) + "\n";
  std::string words = wrap_text(line.substr(fit_width(line, static_cast<int>(room) + 2).size()),
                                beside + static_cast<int>(room) + 2, static_cast<int>(room) + 2);
  return text + padded(lines.back(), room) + words.substr(std::min(words.size(), room));
}

std::string table(const std::vector<std::string>& rows, std::vector<Span> columns, int width) {
  const Span names = columns.front();
  const std::size_t room = first_width(columns, width);
  columns.front().second = columns.front().first + room;
  std::string text;
  for (const std::vector<Span>& group : folded(columns, width)) {
    if (!text.empty()) text += "\n";
    for (std::size_t r = 0; r < rows.size(); ++r)
      text += row_text(rows[r], r == 1, names, room, group, columns.back(), width);
  }
  return text;
}

/// "  label    2.6 s   42 %      ####": the bar and its distance shrink, the words stay. Empty for any other line.
std::string bar(const std::string& line, int width) {
  const std::size_t end = line.find_last_of("#");
  if (end == std::string::npos) return {};
  const std::size_t from = line.find_last_not_of('#', end) + 1;
  const std::size_t words = line.find_last_not_of(' ', from - 1) + 1;
  if (from == 0 || words + 2 > from || words + 10 > static_cast<std::size_t>(width)) return {};
  const double scale =
      (width - static_cast<double>(words) - 4) / (static_cast<double>(kPage) - static_cast<double>(words) - 4);
  const auto shrunk = [&](std::size_t length) { return static_cast<std::size_t>(static_cast<double>(length) * scale); };
  return line.substr(0, words) + std::string(2 + shrunk(from - words - 2), ' ') +
         std::string(std::max<std::size_t>(1, shrunk(end + 1 - from)), '#') + line.substr(end + 1) + "\n";
}

std::size_t indent_of(const std::string& line) { return std::min(line.find_first_not_of(' '), line.size()); }

/// Did the page break the paragraph between these lines because the next word no longer fitted?
bool continues(const std::string& line, const std::string& next) {
  const std::size_t at = indent_of(next);
  if (line.empty() || at == next.size() || next[at] == '-') return false;
  const std::string word = next.substr(at, next.find(' ', at) - at);
  return indent_of(line) <= at && display_width(line) + 1 + display_width(word) > static_cast<int>(kPage) - 3;
}

std::string paragraph(const std::string& joined, std::size_t hang, int width) {
  const std::size_t indent = indent_of(joined);
  hang = std::min(hang, static_cast<std::size_t>(std::max(width - 26, 2)));
  std::string text = wrap_text(joined.substr(indent), width, static_cast<int>(std::max(indent, hang)));
  // The first line keeps its own indent.
  if (hang > indent) text.erase(0, hang - indent);
  std::string trimmed;
  for (std::string& line : lines_of(text)) {
    trim(line);
    trimmed += line + "\n";
  }
  return trimmed;
}

}  // namespace

std::string fit_page(const std::string& text, int width) {
  if (width >= static_cast<int>(kPage)) return text;
  const std::vector<std::string> lines = lines_of(text);
  std::string page;
  // Of the table that the line is the heading of.
  const auto columns_below = [&](std::size_t line) {
    return line + 1 < lines.size() ? columns_of(lines[line + 1]) : std::vector<Span>{};
  };
  for (std::size_t i = 0; i < lines.size();) {
    const std::vector<Span> columns = columns_below(i);
    std::size_t end = i + 1;
    if (!columns.empty()) {
      while (end < lines.size() && !lines[end].empty()) ++end;
      page += table({lines.begin() + static_cast<std::ptrdiff_t>(i), lines.begin() + static_cast<std::ptrdiff_t>(end)},
                    columns, width);
    } else if (const std::string drawn = bar(lines[i], width); !drawn.empty()) {
      page += drawn;
    } else {
      std::string joined = lines[i];
      for (; end < lines.size() && columns_below(end).empty() && continues(lines[end - 1], lines[end]); ++end)
        joined += " " + lines[end].substr(indent_of(lines[end]));
      const std::size_t hang = end > i + 1 ? indent_of(lines[i + 1]) : indent_of(lines[i]);
      page += display_width(joined) <= width ? joined + "\n" : paragraph(joined, hang, width);
    }
    i = end;
  }
  return page;
}

}  // namespace socle::cli
