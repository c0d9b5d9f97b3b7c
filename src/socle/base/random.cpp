#include "socle/base/random.hpp"

#include <cmath>
#include <numbers>

#include "socle/base/check.hpp"

namespace socle {
namespace {

constexpr std::uint64_t kMultiplierA = 0xD2511F53, kMultiplierB = 0xCD9E8D57;
constexpr std::uint32_t kWeylA = 0x9E3779B9, kWeylB = 0xBB67AE85;
constexpr int kRounds = 10;

std::uint64_t join(std::uint32_t low, std::uint32_t high) { return std::uint64_t{high} << 32 | low; }

double open_unit(std::uint64_t bits) {
  // The middle of one of 2^52 equal cells.
  return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52;
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t a = kMultiplierA * counter[0];
    const std::uint64_t b = kMultiplierB * counter[2];
    counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
               static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key = {key[0] + kWeylA, key[1] + kWeylB};
  }
  return counter;
}

std::array<std::uint32_t, 4> RandomStream::block(std::uint64_t entity, std::uint64_t draw) const {
  return philox4x32({static_cast<std::uint32_t>(draw), static_cast<std::uint32_t>(draw >> 32),
                     static_cast<std::uint32_t>(entity), static_cast<std::uint32_t>(entity >> 32)},
                    key_);
}

std::uint64_t RandomStream::bits(std::uint64_t entity, std::uint64_t draw) const {
  const auto words = block(entity, draw);
  return join(words[0], words[1]);
}

double RandomStream::uniform(std::uint64_t entity, std::uint64_t draw) const { return open_unit(bits(entity, draw)); }

std::uint64_t RandomStream::below(std::uint64_t bound, std::uint64_t entity, std::uint64_t draw) const {
  SOCLE_CHECK(bound > 0, "a bound is positive");
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>(Wide{bits(entity, draw)} * bound >> 64);
}

double RandomStream::normal(std::uint64_t entity, std::uint64_t draw) const {
  const auto words = block(entity, draw);
  const double radius = std::sqrt(-2.0 * std::log(open_unit(join(words[0], words[1]))));
  return radius * std::cos(2.0 * std::numbers::pi * open_unit(join(words[2], words[3])));
}

double RandomStream::exponential(double mean, std::uint64_t entity, std::uint64_t draw) const {
  return -mean * std::log(uniform(entity, draw));
}

}  // namespace socle
