#pragma once

#include <cstdint>
#include <fstream>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <malloc.h>

#include "socle/base/random.hpp"

namespace socle::bench {

/// Each host sends to another one and receives from another one; always the same permutation of so many hosts.
inline std::vector<std::uint32_t> permutation(std::uint32_t hosts) {
  const RandomStream random(12345, 1);
  std::vector<std::uint32_t> to(hosts);
  std::iota(to.begin(), to.end(), 0u);
  for (std::uint32_t i = hosts - 1; i > 0; --i) std::swap(to[i], to[random.below(i + 1, i, 0)]);
  for (std::uint32_t i = 0; i < hosts; ++i) {
    if (to[i] == i) std::swap(to[i], to[(i + 1) % hosts]);
  }
  return to;
}

constexpr double kPermutationBytes = 64e6;  ///< of each host
constexpr double kPairBytes = 1e6;          ///< all-to-all, of each ordered pair
constexpr double kRingBytes = 1e9;          ///< all-reduce, the whole buffer

/// Gives free memory back and starts measuring the peak anew. Linux; elsewhere the peak is the process's.
inline void reset_memory_peak() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

/// Peak of resident memory since then, in MB; 0 where it cannot be read.
inline double memory_peak_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024 / 1e6;
  }
  return 0;
}

}  // namespace socle::bench
