#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socle {

/// A stretch of a word as written: text without its quotes, or something to expand.
struct ShellPart {
  std::string text;  ///< of an expansion its source: "$A", "${A:-b}", "$(a b)", "$((1 + 1))", "`a`"
  bool expands = false;
  bool quoted = false;  ///< in quotes, or after a backslash
  int line = 0;
};

/// One token of a script.
struct ShellToken {
  enum class Kind {
    kWord,
    kOperator,  ///< ; newline & && || | |& ;; ( ) in `op`
    kRedirect,  ///< > >> < >& 2> &> <<< and so on in `op`; the word after it is its file
    kDocument,  ///< << or <<-: `parts` are its text
  };
  Kind kind = Kind::kWord;
  std::string op{};
  std::vector<ShellPart> parts{};  ///< of a word; empty for ''
  std::vector<ShellToken> array{};
  bool is_array = false;  ///< the word is NAME= or NAME+= with ( ... ) after it: its words are `array`
  int line = 1, column = 1;
  bool joined = false;  ///< no blank stands before it
};

/// Tokens of a script in their order: quotes, backslashes, lines that go on, comments, here-documents, arrays. Nothing
/// is expanded. Throws InputError at the line and column of what nothing ends, for more than 256 KiB and for NUL bytes.
std::vector<ShellToken> lex_shell(std::string_view text, const std::string& source);

/// The parts of a text in double quotes or of a here-document: backslashes and expansions. Throws InputError.
std::vector<ShellPart> lex_shell_quoted(std::string_view text, const std::string& source, int line, int column);

}  // namespace socle
