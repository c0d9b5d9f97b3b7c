#include "socle/base/text_table.hpp"

#include <algorithm>
#include <numeric>

#include "socle/base/check.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

constexpr int kGap = 2;
constexpr int kNarrowest = 6;

std::string fitted(const std::string& cell, int width, Align align, bool last) {
  std::string text = cell;
  if (display_width(text) > width) text = std::string(fit_width(text, std::max(0, width - 2))) + "..";
  const std::string blanks(static_cast<std::size_t>(std::max(0, width - display_width(text))), ' ');
  if (align == Align::kRight) return blanks + text;
  return last ? text : text + blanks;
}

}  // namespace

void TextTable::add_row(std::vector<std::string> cells) {
  SOCLE_CHECK(cells.size() == columns_.size(), "a row has a cell for each column");
  rows_.push_back(std::move(cells));
}

std::string TextTable::str() const {
  std::vector<int> widths;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    int width = display_width(columns_[c].heading);
    for (const auto& row : rows_) width = std::max(width, display_width(row[c]));
    widths.push_back(width);
  }
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), kGap * (static_cast<int>(widths.size()) - 1));
  };
  while (total() > width_max_) {
    int widest = -1;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const bool shrinks = columns_[c].align == Align::kLeft && !columns_[c].whole && widths[c] > kNarrowest;
      if (shrinks && (widest < 0 || widths[c] > widths[static_cast<std::size_t>(widest)])) widest = static_cast<int>(c);
    }
    if (widest < 0) break;
    --widths[static_cast<std::size_t>(widest)];
  }
  std::string out;
  const auto add_line = [&](auto&& cell_of) {
    std::string line;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (c > 0) line += std::string(kGap, ' ');
      line += fitted(cell_of(c), widths[c], columns_[c].align, c + 1 == columns_.size());
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  };
  add_line([&](std::size_t c) { return columns_[c].heading; });
  add_line([&](std::size_t c) { return std::string(static_cast<std::size_t>(widths[c]), '-'); });
  for (const auto& row : rows_) add_line([&](std::size_t c) { return row[c]; });
  return out;
}

std::string wrap_text(const std::string& text, int width, int indent) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  std::string out, line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t stop = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, stop - at);
    if (!line.empty() && indent + display_width(line) + 1 + display_width(word) > width) {
      out += margin + line + '\n';
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
    at = stop + 1;
  }
  return line.empty() ? out : out + margin + line + '\n';
}

}  // namespace socle
