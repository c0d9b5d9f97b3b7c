#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "socle/base/json.hpp"
#include "socle/migrate/onnx/requirement.hpp"

namespace socle::migrate::onnx {

/// How inputs are made where a model leaves something open.
struct GoldenOptions {
  std::uint32_t seed = 1;
  std::map<std::string, std::int64_t> sizes;  ///< by a dimension's name, or by input and axis: "x:2"
};

/// Sizes that are not fixed and not stated: 1 for a first axis, as batches are; this for every other.
inline constexpr std::int64_t kGoldenSize = 64;
inline constexpr std::uint64_t kGoldenBytesMax = std::uint64_t{256} << 20;

/// What two runs of one model may differ by: |a - b| <= absolute + relative |b|.
struct Tolerance {
  TypeName type;
  double relative = 0, absolute = 0;
  const char* why;
};
/// Of every type that an output may have.
const std::vector<Tolerance>& tolerances();

struct GoldenInput {
  std::string name, file;  ///< "x", "input_0.npy"
  TypeName type;
  std::vector<std::int64_t> shape;
  std::vector<bool> chosen;  ///< by axis: the model leaves the size open and nobody stated it
  std::string npy;           ///< the file's bytes, NumPy's format 1.0
};

/// Random inputs for a model: numbers of floating point are multiples of 1/256 from -1 to 255/256, exact in every type;
/// whole ones 0 or 1, which are right as indices, masks and flags alike. The same seed gives the same bytes. Throws
/// InputError: a type that NumPy lacks, no shape, a size of `options` that no input has, more than 256 MiB.
std::vector<GoldenInput> golden_inputs(const Requirement& model, const std::string& file, const GoldenOptions& options);

/// What a pack of acceptance was made from.
struct GoldenSource {
  std::string path;              ///< of the model, as named
  std::size_t bytes = 0;         ///< of its file
  std::size_t hashed_bytes = 0;  ///< of its beginning
  std::string hash;              ///< FNV-1a of those, 16 hexadecimal digits
  std::uint32_t seed = 1;
};
/// The manifest that accept.py reads.
Json golden_manifest(const Requirement& model, const GoldenSource& source, const std::vector<GoldenInput>& inputs);

}  // namespace socle::migrate::onnx
