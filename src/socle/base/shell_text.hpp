#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socle {

/// A stretch of a word of a shell.
struct ShellPiece {
  std::string text;     ///< what it says; of a live one its source: "${MASTER_ADDR}", "$(hostname)", "2>&1"
  bool live = false;    ///< only a run knows what it is
  bool quoted = false;  ///< a live one stood in double quotes: never split into words
  int line = 0;         ///< of the script; no part of its value
};

/// A word after expansion: what is known as text, what is not as written. Neighbouring texts of one line are one piece.
struct ShellText {
  std::vector<ShellPiece> pieces{};
  int line = 0, column = 0;  ///< of the word in the script; no part of its value

  ShellText() = default;
  explicit ShellText(std::string text, int at_line = 0, int at_column = 0);
  static ShellText live(std::string source, bool quoted);

  void add(ShellPiece piece);
  bool known() const;        ///< nothing in it is live
  std::string text() const;  ///< pieces one after the other, live ones as written
  /// With `${NAME:-TEXT}` as TEXT; nothing when a live piece has no such text.
  std::optional<std::string> by_default() const;
  /// As one word of a script that reads back as this.
  std::string source() const;
  bool operator==(const ShellText& other) const;
};

}  // namespace socle
