#pragma once

#include "socle/catalog/serving_timing.hpp"

namespace socle::answer {

/// Times the source's, with a range of both sides' ranges.
struct Ratio {
  double value = 0, low = 0, high = 0;
};

/// Ranges are relative to each value and taken as independent: their logarithms add as squares. Requires: positive.
Ratio ratio_of(double target, double source, const catalog::TimingRange& of_target,
               const catalog::TimingRange& of_source);

/// The range of a rate whose time has this one.
inline catalog::TimingRange inverse(const catalog::TimingRange& range) { return {1 / range.high, 1 / range.low}; }

}  // namespace socle::answer
