#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace socle {

/// Offset of the first byte that is not part of well-formed UTF-8 (overlong forms and surrogates are not).
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

/// Columns that the text takes on a terminal: Chinese, Japanese and Korean characters take two, combining marks none.
/// Bytes that are not UTF-8 take one each.
int display_width(std::string_view text);

/// The longest beginning of the text that takes at most `columns`, never cutting a character.
std::string_view fit_width(std::string_view text, int columns);

/// A short, printable form of text to show inside a message: control characters escaped, cut after `limit` columns.
std::string printable(std::string_view text, int limit = 60);

/// Text that is safe on a terminal: control characters (C0, DEL, C1, marks of direction) and bytes that are not UTF-8
/// become \xNN; those in `allowed` stay.
std::string escape_controls(std::string_view text, std::string_view allowed = "\n\t");

/// The code of the text's first character if it is one of those; all are below 0x10000. Requires: not empty, UTF-8.
std::optional<char32_t> control_code(std::string_view text);

/// The 1-based line of a byte offset.
int line_of(std::string_view text, std::size_t offset);

}  // namespace socle
