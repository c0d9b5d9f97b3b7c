#pragma once

#include <string>
#include <vector>

#include "socle/model/transformer.hpp"

namespace socle::model {

/// Bounds that every reader of shapes holds to: far above what exists, far below what overflows.
inline constexpr int kWidthMax = 10'000'000;  ///< hidden, ffn, vocab, context use kCountMax
inline constexpr int kHeadsMax = 100'000;
inline constexpr int kCountMax = 1'000'000'000;
inline constexpr int kLayersMax = 4096;

/// What contradicts itself in one layer, as sentences with the remedy; empty when nothing does.
std::vector<std::string> layer_problems(const Layer& layer);

}  // namespace socle::model
