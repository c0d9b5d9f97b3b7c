#include "socle/base/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace socle {
namespace {

struct Decoded {
  std::uint32_t code = 0;
  std::size_t length = 0;  // 0 = ill-formed
};

Decoded decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return {};
  std::uint32_t code = first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(at + i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF) return {};
  return {code, length};
}

/// Most of most texts, eight bytes at once.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080ull;
  std::uint64_t eight = 0;
  for (; at + sizeof eight <= text.size(); at += sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if ((eight & kHighBits) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

struct Range {
  std::uint32_t first, last;
};

// Wide blocks of Unicode's East Asian Width table, merged to what a table of names and notes can hold.
constexpr Range kWide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},  {0x3041, 0xA4CF}, {0xAC00, 0xD7A3},
                           {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},  {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6},
                           {0x1F300, 0x1FAFF}, {0x20000, 0x3FFFD}};
constexpr Range kCombining[] = {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};

int width_of(std::uint32_t code) {
  const auto inside = [code](Range range) { return code >= range.first && code <= range.last; };
  if (code < 0x20) return 0;
  if (std::any_of(std::begin(kCombining), std::end(kCombining), inside)) return 0;
  return std::any_of(std::begin(kWide), std::end(kWide), inside) ? 2 : 1;
}

}  // namespace

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    at = skip_ascii(text, at);
    if (at == text.size()) break;
    const Decoded character = decode(text, at);
    if (character.length == 0) return at;
    at += character.length;
  }
  return std::nullopt;
}

int display_width(std::string_view text) {
  int width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded character = decode(text, at);
    width += character.length == 0 ? 1 : width_of(character.code);
    at += std::max<std::size_t>(1, character.length);
  }
  return width;
}

std::string_view fit_width(std::string_view text, int columns) {
  int width = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const Decoded character = decode(text, at);
    width += character.length == 0 ? 1 : width_of(character.code);
    if (width > columns) break;
    at += std::max<std::size_t>(1, character.length);
  }
  return text.substr(0, at);
}

namespace {

/// C0, DEL and C1: what a terminal may take as a command. Line separators and the marks that turn the direction of
/// writing round: with them a name shows as another.
bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x200E || code == 0x200F ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

std::string escaped_byte(char c) {
  constexpr const char* kDigits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("\\x") + kDigits[byte >> 4] + kDigits[byte & 15];
}

}  // namespace

std::string printable(std::string_view text, int limit) {
  std::string shown;
  std::size_t at = 0;
  int width = 0;
  for (; at < text.size() && width < limit;) {
    const Decoded character = decode(text, at);
    if (character.length == 0 || is_control(character.code)) {
      shown += escaped_byte(text[at]);
      width += 4;
      ++at;
      continue;
    }
    shown += text.substr(at, character.length);
    width += width_of(character.code);
    at += character.length;
  }
  return at < text.size() ? shown + "..." : shown;
}

std::string escape_controls(std::string_view text, std::string_view allowed) {
  std::string shown;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded character = decode(text, at);
    const std::size_t length = std::max<std::size_t>(1, character.length);
    const bool plain =
        character.length > 0 && (!is_control(character.code) || allowed.find(text[at]) != std::string_view::npos);
    if (plain) shown += text.substr(at, length);
    for (std::size_t i = 0; !plain && i < length; ++i) shown += escaped_byte(text[at + i]);
    at += length;
  }
  return shown;
}

std::optional<char32_t> control_code(std::string_view text) {
  const Decoded character = decode(text, 0);
  return is_control(character.code) ? std::optional(character.code) : std::nullopt;
}

int line_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

}  // namespace socle
