#include "socle/migrate/code/warp_marks.hpp"

#include <string>

#include "socle/base/lower_case.hpp"

namespace socle::migrate {
namespace {

/// The number without marks of digits and of type, in lower case: "0xFFFF'FFFFu" is "0xffffffff".
std::string plain(const Token& token) {
  if (token.kind != TokenKind::kNumber || token.text.size() > 24) return {};
  std::string text = lower_case(token.text);
  std::erase(text, '\'');
  while (!text.empty() && (text.back() == 'u' || text.back() == 'l')) text.pop_back();
  return text;
}

bool is_full_mask(const Token& token) {
  const std::string number = plain(token);
  return number == "0xffffffff" || number == "4294967295";
}

/// `NAME 32` of a #define, `NAME = 32`, `NAME(32)`, `NAME{32}`.
const Token& value_behind(const Tokens& tokens) {
  const Token& next = tokens.peek(1);
  return next.is("=") || next.is("(") || next.is("{") ? tokens.peek(2) : next;
}

bool is_warp_intrinsic(std::string_view name) {
  return name.ends_with("_sync") &&
         (name.starts_with("__shfl") || name.starts_with("__ballot") || name.starts_with("__any") ||
          name.starts_with("__all") || name.starts_with("__match") || name.starts_with("__reduce"));
}

/// `threadIdx.x & 31`, `% 32`, `/ 32`, `>> 5`.
bool splits_thread(const Tokens& tokens) {
  if (!tokens.peek(1).is(".") || !tokens.peek(2).is("x")) return false;
  const Token& how = tokens.peek(3);
  const std::string by = plain(tokens.peek(4));
  return (how.is("&") && (by == "31" || by == "0x1f")) || ((how.is("%") || how.is("/")) && by == "32") ||
         (how.is(">>") && by == "5");
}

}  // namespace

bool assumes_32_lanes(const Tokens& tokens) {
  const Token& token = tokens.current();
  if (token.kind != TokenKind::kName) return false;
  if (token.text == "threadIdx") return splits_thread(tokens);
  if (is_warp_intrinsic(token.text)) return tokens.peek(1).is("(") && is_full_mask(tokens.peek(2));
  const Token& value = value_behind(tokens);
  if (value.kind != TokenKind::kNumber || token.text.size() > 64) return false;
  const std::string name = lower_case(token.text);
  if (name.find("mask") != std::string::npos && is_full_mask(value)) return true;
  const bool size = name.find("size") != std::string::npos || name.find("threads") != std::string::npos ||
                    name.find("lanes") != std::string::npos;
  return size && name.find("warp") != std::string::npos && plain(value) == "32";
}

}  // namespace socle::migrate
