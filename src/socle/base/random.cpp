#include "socle/base/random.hpp"

#include <algorithm>
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

double RandomCursor::uniform() {
  if (has_second_) {
    has_second_ = false;
    return second_;
  }
  const auto words = stream_.block(entity_, draw_++);
  second_ = open_unit(join(words[2], words[3]));
  has_second_ = true;
  return open_unit(join(words[0], words[1]));
}

double RandomCursor::exponential() { return -std::log(uniform()); }

namespace {

// P. Acklam, "An algorithm for computing the inverse normal cumulative distribution function", 2003.
double rough_normal_quantile(double share) {
  constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                          1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
                          -1.328068155288572e+01};
  constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                          -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00};
  constexpr double kTail = 0.02425;
  const double edge = std::min(share, 1 - share);
  if (edge < kTail) {
    const double q = std::sqrt(-2 * std::log(edge));
    const double x = (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
                     ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
    return share > 0.5 ? -x : x;
  }
  const double q = share - 0.5, r = q * q;
  return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
         (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

}  // namespace

double RandomCursor::normal() { return rough_normal_quantile(uniform()); }

double normal_quantile(double share) {
  SOCLE_CHECK(share > 0 && share < 1, "a quantile is asked of a share between 0 and 1");
  const double x = rough_normal_quantile(share);
  // One step of Halley's method, to the last digits.
  const double error = 0.5 * std::erfc(-x / std::numbers::sqrt2) - share;
  const double step = error * std::sqrt(2 * std::numbers::pi) * std::exp(x * x / 2);
  return x - step / (1 + x * step / 2);
}

}  // namespace socle
