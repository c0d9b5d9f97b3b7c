#pragma once

#include <string>
#include <string_view>

namespace socle {

/// One word of a shell command, its quotes taken away and what the script assigns filled in.
struct ShellWord {
  std::string text;
  int line = 1, column = 1;  ///< of its first character
  std::string by_default{};  ///< with ${NAME:-TEXT} as TEXT, where that is all it lacks
  bool expands = false;      ///< holds $NAME, $(...) or `...` that only a run knows, in `text` as written
};

/// The text as one word that a POSIX shell reads back unchanged. Requires: no NUL byte.
std::string shell_quoted(std::string_view text);

}  // namespace socle
