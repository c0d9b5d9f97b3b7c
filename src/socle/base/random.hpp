#pragma once

#include <array>
#include <cstdint>

namespace socle {

/// Philox4x32-10: a bijection of a 128-bit counter under a 64-bit key. Source: Salmon, Moraes, Dror and Shaw 2011,
/// "Parallel random numbers: as easy as 1, 2, 3".
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// Random numbers that depend on their names only: seed and purpose are the key, entity and draw the counter. The order
/// in which threads ask does not matter, and adding a purpose leaves the others as they were.
class RandomStream {
 public:
  RandomStream(std::uint32_t seed, std::uint32_t purpose) : key_{seed, purpose} {}

  /// 64 random bits.
  std::uint64_t bits(std::uint64_t entity, std::uint64_t draw) const;
  /// Uniform on the open interval (0, 1): 52 bits, the ends never come.
  double uniform(std::uint64_t entity, std::uint64_t draw) const;
  /// Uniform integer below `bound`, without bias beyond 2^-64 * bound. Requires: bound > 0.
  std::uint64_t below(std::uint64_t bound, std::uint64_t entity, std::uint64_t draw) const;
  /// Standard normal (Box and Muller 1958).
  double normal(std::uint64_t entity, std::uint64_t draw) const;
  /// Exponential with the given mean, by inversion.
  double exponential(double mean, std::uint64_t entity, std::uint64_t draw) const;

 private:
  friend class RandomCursor;
  std::array<std::uint32_t, 4> block(std::uint64_t entity, std::uint64_t draw) const;
  std::array<std::uint32_t, 2> key_;
};

/// The draws of one entity, one after the other, two of each block of the stream. What it gives depends on the stream,
/// the entity and how often it was asked, on nothing else.
class RandomCursor {
 public:
  RandomCursor(RandomStream stream, std::uint64_t entity) : stream_(stream), entity_(entity) {}

  /// Uniform on the open interval (0, 1).
  double uniform();
  /// Exponential with mean 1, by inversion.
  double exponential();
  /// Standard normal, by inversion, with a relative error of 1e-9.
  double normal();

 private:
  RandomStream stream_;
  std::uint64_t entity_ = 0, draw_ = 0;
  double second_ = 0;
  bool has_second_ = false;
};

/// The quantile of the standard normal distribution. Requires: 0 < share < 1.
double normal_quantile(double share);

}  // namespace socle
