#pragma once

#include <cstdint>
#include <vector>

#include "socle/base/random.hpp"

namespace socle::workload {

enum class LengthKind {
  kFixed,
  kUniform,    ///< whole numbers from low to high
  kLognormal,  ///< by mean and coefficient of variation
  kEmpirical,  ///< drawn from a list
};

/// How long prompts or answers are, in tokens.
struct LengthLaw {
  LengthKind kind = LengthKind::kFixed;
  double mean = 1;             ///< kFixed, kLognormal
  double variation = 0;        ///< kLognormal: standard deviation / mean
  int low = 1, high = 1;       ///< kUniform; all kinds are kept within [low, high] where high > 1
  std::vector<int> lengths{};  ///< kEmpirical

  /// The length of request `entity`: the same for the same stream and draw. At least 1.
  int draw(const RandomStream& random, std::uint64_t entity, std::uint64_t draw) const;
  /// What draws are on average.
  double average() const;
};

/// The law of `random` data sets as load generators make them: uniform from `range` x length to length.
LengthLaw ranged_length(int length, double range);

}  // namespace socle::workload
