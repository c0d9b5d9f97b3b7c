#include "socle/base/shell_text.hpp"

#include <algorithm>

#include "socle/base/shell_words.hpp"

namespace socle {

ShellText::ShellText(std::string text, int at_line, int at_column) : line(at_line), column(at_column) {
  add({std::move(text), false, false, at_line});
}

ShellText ShellText::live(std::string source, bool quoted) {
  ShellText text;
  text.add({std::move(source), true, quoted});
  return text;
}

void ShellText::add(ShellPiece piece) {
  if (piece.live) {
    pieces.push_back(std::move(piece));
    return;
  }
  if (piece.text.empty()) return;
  if (!pieces.empty() && !pieces.back().live && (piece.line == 0 || piece.line == pieces.back().line))
    pieces.back().text += piece.text;
  else
    pieces.push_back({std::move(piece.text), false, false, piece.line});
}

bool ShellText::operator==(const ShellText& other) const {
  const auto merged = [](const ShellText& text) {
    ShellText whole;
    for (const ShellPiece& piece : text.pieces) whole.add({piece.text, piece.live, piece.quoted});
    return whole;
  };
  const ShellText a = merged(*this), b = merged(other);
  return std::equal(a.pieces.begin(), a.pieces.end(), b.pieces.begin(), b.pieces.end(),
                    [](const ShellPiece& x, const ShellPiece& y) {
                      return x.text == y.text && x.live == y.live && x.quoted == y.quoted;
                    });
}

bool ShellText::known() const {
  return std::none_of(pieces.begin(), pieces.end(), [](const ShellPiece& piece) { return piece.live; });
}

std::string ShellText::text() const {
  std::string all;
  for (const ShellPiece& piece : pieces) all += piece.text;
  return all;
}

std::optional<std::string> ShellText::by_default() const {
  std::string all;
  for (const ShellPiece& piece : pieces) {
    if (!piece.live) {
      all += piece.text;
      continue;
    }
    const std::size_t at = piece.text.find(":-");
    const bool plain = piece.text.starts_with("${") && piece.text.ends_with("}") && at != std::string::npos;
    if (!plain) return std::nullopt;
    const std::string text = piece.text.substr(at + 2, piece.text.size() - at - 3);
    if (text.find_first_of("$`\"'\\") != std::string::npos) return std::nullopt;
    all += text;
  }
  return all;
}

std::string ShellText::source() const {
  if (pieces.empty()) return "''";
  std::string all;
  for (const ShellPiece& piece : pieces) {
    if (!piece.live)
      all += shell_quoted(piece.text);
    else
      all += piece.quoted ? "\"" + piece.text + "\"" : piece.text;
  }
  return all;
}

}  // namespace socle
