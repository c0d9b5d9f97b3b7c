#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace socle {

/// One word of a shell command with its quotes taken away.
struct ShellWord {
  std::string text;
  int line = 1, column = 1;  ///< of its first character
  bool expands = false;      ///< holds $NAME, $(...) or `...`, which stand in `text` as written
};

/// A simple command: words up to a newline, ; & && || or |.
struct ShellCommand {
  std::vector<ShellWord> words;         ///< never empty
  std::string output;                   ///< file of its last `> FILE` or `>> FILE`; empty = none
  std::optional<std::string> document;  ///< lines of its `<<END`
};

/// Commands of a shell text in their order: single and double quotes, backslashes, lines that go on after a backslash,
/// comments, redirections, here-documents. Nothing is expanded, and words such as `if` are words. Throws InputError at
/// the line and column of a quote or here-document that nothing ends, for more than a MiB, and for NUL bytes.
std::vector<ShellCommand> parse_shell(std::string_view text, const std::string& source);

/// The text as one word that a POSIX shell reads back unchanged. Requires: no NUL byte.
std::string shell_quoted(std::string_view text);

}  // namespace socle
