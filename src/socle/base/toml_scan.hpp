#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace socle::detail {

/// Something that no TOML text may hold, found before the parser meets it.
struct TomlFlaw {
  std::size_t at = 0;  ///< offset of the byte
  std::string message;
};

/// Control characters anywhere; quotes in the middle of a bare word; characters outside ASCII beside strings and
/// comments (bare keys are ASCII, and toml++ 3.3 misbehaves on some); brackets, braces and dotted keys nested deeper
/// than `deepest`, which would exhaust a recursive parser. Strings and comments are skipped; text that is not TOML may
/// be misread here and is refused by the parser.
std::optional<TomlFlaw> find_toml_flaw(std::string_view text, int deepest);

}  // namespace socle::detail
