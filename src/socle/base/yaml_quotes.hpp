#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace socle {

/// Internal to the reader of YAML. Where the quote that begins a text ends; npos when nothing ends it there.
/// Requires: the text begins with a
/// quote, and nothing before `from` ends it.
std::size_t yaml_quote_end(std::string_view text, std::size_t from = 1);

/// Where the comment of a line begins, outside quotes; its length without one.
std::size_t yaml_comment_in(std::string_view line);

/// The text without its quotes and escapes; nothing when it does not end with its quote or holds an escape that is
/// none.
std::optional<std::string> yaml_unquoted(std::string_view text, const std::string& source);

}  // namespace socle
