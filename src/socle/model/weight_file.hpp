#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace socle::model {

/// What the head of a file of weights tells: enough to check a shape against.
struct WeightFile {
  std::string format;   ///< "safetensors index", "safetensors", "GGUF"
  double tensors = 0;   ///< in the file, or named by the index
  double elements = 0;  ///< weights, packed ones as their shapes say; 0 = the file tells no shapes
  double bytes = 0;     ///< of all tensors; 0 = the file does not tell
  std::map<std::string, double> bytes_by_type{};  ///< "BF16", "F8_E4M3"; of safetensors only
};

/// Bytes of a file's start that hold what is read: the header of the largest files is some tens of MB.
inline constexpr std::size_t kWeightHeadMax = std::size_t{64} << 20;

/// Reads the index that stands beside sharded safetensors (`model.safetensors.index.json`), the header of one
/// safetensors file, or of a GGUF file (version 2 or 3). `head`: the file's first bytes, kWeightHeadMax at most.
/// Throws InputError for anything else, for a head cut short and for numbers that contradict each other: bytes that are
/// not those of shape and type, tensors that lie over each other. Sources: the
/// safetensors format description; the GGUF specification (ggml).
WeightFile read_weight_file(std::string_view head, const std::string& source_name);

}  // namespace socle::model
