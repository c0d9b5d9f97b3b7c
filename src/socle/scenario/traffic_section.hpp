#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/scenario/key.hpp"
#include "socle/scenario/named.hpp"
#include "socle/scenario/vocabulary.hpp"

namespace socle::scenario {

/// [traffic]: what crosses the fabric.
struct TrafficSection {
  std::string kind;       ///< a collective, "permutation", "shift", "incast", "matrix" or "step"; empty = all-reduce
  std::string algorithm;  ///< of a collective; empty = what the library runs
  Named file;             ///< of a matrix
  std::optional<Bytes> bytes;  ///< as nccl-tests counts; permutation, shift, incast: of one message
  std::optional<std::uint32_t> ranks, stride, channels, inner, chunks, shift, seeds;
  std::vector<std::string> sizes;  ///< bus bandwidth for each of these
  std::optional<double> reaction;
  std::optional<bool> every_flow;

  bool step() const { return kind == "step"; }
};

std::vector<Key<TrafficSection>> traffic_keys(const Vocabulary& vocabulary);

/// Does a key of [traffic] act on traffic of this kind?
bool acts_on_traffic(const std::string& key, const std::string& kind);

}  // namespace socle::scenario
