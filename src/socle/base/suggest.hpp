#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace socle {

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`, letter case ignored.
int edit_distance(std::string_view a, std::string_view b);

/// Letters and digits alone, in lower case: "GPUDirect-TCPX" and "gpudirect tcpx" are one.
std::string plain_name(std::string_view name);

/// The known name closest to `wanted`, if any is close enough to be what was meant. The first wins a tie.
std::optional<std::string> nearest_name(std::string_view wanted, std::span<const std::string> known);

/// `; did you mean "x"?`, or an empty string.
std::string did_you_mean(std::string_view wanted, std::span<const std::string> known);

}  // namespace socle
