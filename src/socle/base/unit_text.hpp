#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "socle/base/money.hpp"
#include "socle/base/quantity.hpp"

namespace socle {

/// A value read from text, or a sentence that says what is wrong and what is accepted.
template <typename T>
struct Parsed {
  std::optional<T> value;
  std::string problem;  ///< empty exactly when there is a value
};

/// Reads a figure with its unit, such as "80 GB", "400 Gb/s", "989.4 TFLOP/s", "30 MW", "90 days", "15.6T", "3.0e9
/// CNY". The space is optional, units are case-sensitive where case matters (b is a bit, B a byte), figures are finite
/// and not negative. Defined for Bytes, BytesPerSecond, Seconds, Flops, FlopsPerSecond, Watts, Joules, Tokens, Money
/// and double (a plain count with an optional K, M, B or T).
template <typename T>
Parsed<T> parse_unit_text(std::string_view text);

/// What `parse_unit_text<T>` accepts, for messages, e.g. `a size such as "80 GB" or "80 GiB"`.
template <typename T>
std::string_view accepted_unit_text();

#define SOCLE_UNIT_TEXT(type)                                \
  template <>                                                \
  Parsed<type> parse_unit_text<type>(std::string_view text); \
  template <>                                                \
  std::string_view accepted_unit_text<type>();
SOCLE_UNIT_TEXT(Bytes)
SOCLE_UNIT_TEXT(BytesPerSecond)
SOCLE_UNIT_TEXT(Seconds)
SOCLE_UNIT_TEXT(Flops)
SOCLE_UNIT_TEXT(FlopsPerSecond)
SOCLE_UNIT_TEXT(Watts)
SOCLE_UNIT_TEXT(Joules)
SOCLE_UNIT_TEXT(Tokens)
SOCLE_UNIT_TEXT(Money)
SOCLE_UNIT_TEXT(double)
#undef SOCLE_UNIT_TEXT

/// Four significant digits with the unit that keeps the figure between 1 and 1000: "80 GB", "12.5 us", "989.4 TFLOP/s".
/// Not finite becomes "unknown". The same input gives the same text on every machine. Several figures of one row or
/// column share a unit: see unit_scale.hpp.
std::string format_bytes(Bytes size);
/// In powers of 1024, for the memory of chips and what must fit into it: "79.65 GiB".
std::string format_bytes_binary(Bytes size);
std::string format_bytes_per_second(BytesPerSecond rate);
/// Links are sold in bits: "400 Gb/s".
std::string format_bits_per_second(BytesPerSecond rate);
std::string format_seconds(Seconds time);
std::string format_flops(Flops count);
std::string format_flops_per_second(FlopsPerSecond rate);
std::string format_watts(Watts power);
std::string format_joules(Joules energy);
std::string format_tokens(Tokens count);
std::string format_tokens_per_second(TokensPerSecond rate);
std::string format_money(Money money);
/// 15.6e12 becomes "15.6T", 405e9 "405B".
std::string format_count(double count);
/// A count of which every digit matters: "42000", from 100,000 on "131,072".
std::string format_whole(std::int64_t count);
template <std::unsigned_integral Count>
std::string format_whole(Count count) {
  return format_whole(static_cast<std::int64_t>(count));
}
/// 0.4213 becomes "42.1 %"; what rounds to zero has no sign.
std::string format_percent(double fraction);
/// "+0.5 %", "-36.7 %".
std::string format_signed_percent(double fraction);
/// A plain number with at most `digits` significant digits and no trailing zeros.
std::string format_number(double value, int digits = 4);

}  // namespace socle
