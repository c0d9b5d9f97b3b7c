#pragma once

#include "socle/migrate/onnx/model.hpp"
#include "socle/migrate/onnx/wire.hpp"

namespace socle::migrate::onnx {

// Limits that no model of anybody's comes near; a file beyond them is refused, not read.
inline constexpr std::size_t kNodesMax = 4'000'000;
inline constexpr std::size_t kGraphsMax = 100'000;
inline constexpr std::size_t kNamesMax = 50'000;   // inputs, or outputs, of one node
inline constexpr std::size_t kImportsMax = 1'000;  // operator sets of the model, or of one function
inline constexpr std::size_t kRankMax = 32;        // sizes of one shape
inline constexpr int kGraphDepthMax = 64;
inline constexpr int kTypeDepthMax = 16;

/// Reads a model's structure; bytes of weights are not looked at, so time and memory grow with nodes and not with
/// bytes. Throws InputError with the byte's offset for whatever is no ONNX model. Memory: at most some 50 times the
/// bytes that are not weights. Source of the format: onnx.proto of onnx 1.23.
Model read_model(const FileBytes& file);

}  // namespace socle::migrate::onnx
