#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "socle/migrate/onnx/element_type.hpp"

namespace socle::migrate::onnx {

/// Some of a vector of the model, one after the other.
struct Range {
  std::uint32_t first = 0, count = 0;
  std::uint32_t end() const { return first + count; }
};

struct Dimension {
  std::int64_t size = -1;  ///< below zero: not fixed
  std::string_view name;   ///< of one that is not fixed; may be empty
};

/// An input, an output or another value whose type the file states.
struct Value {
  std::string_view name;
  TypeName type;
  Range dimensions;
  bool shaped = false;  ///< the file states a shape; without dimensions it is a scalar
};

/// Weights: what the file says of them; their bytes are not read.
struct Tensor {
  std::string_view name;
  std::int64_t element = 0;  ///< number of the element type
  Range dimensions;
  std::uint64_t bytes = 0;  ///< by shape and type; of texts, as they lie in the file
  bool external = false;
  bool sparse = false;
  std::string_view location;  ///< of external data: the path as written
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool has_length = false;
};

/// An attribute: what decides types and limits; lists of numbers are skipped.
struct Attribute {
  std::string_view name;
  std::string_view text;       ///< of a string
  std::string_view reference;  ///< in a function's body: the attribute of the call that it takes
  std::int64_t number = 0;     ///< of an integer
  std::int64_t element = 0;    ///< of a tensor: number of its element type
  char kind = 0;               ///< 'i' integer, 'f' float, 's' text, 't' tensor, 'g' graph, 'p' type, lists in capitals
  TypeName type;               ///< of kind 'p'
  Range graphs;                ///< subgraphs
};

struct Node {
  std::string_view op, domain, name, overload;
  Range inputs, outputs;  ///< of names
  Range attributes;
};

struct Graph {
  std::string_view name;
  Range nodes, inputs, outputs, values;  ///< the last three of values
  Range initializers;
  int depth = 0;       ///< 0: the model's own, or a function's body
  std::size_t at = 0;  ///< byte of the file
};

struct OpsetImport {
  std::string_view domain;  ///< "ai.onnx" for the standard one
  std::int64_t version = 0;
};

struct Function {
  std::string_view name, domain, overload;
  Range inputs, outputs;  ///< of names
  Range opsets;
  std::uint32_t graph = 0;  ///< its body
};

/// A model as it lies in its file: texts point into the file, which must outlive it.
struct Model {
  std::int64_t ir_version = 0;
  std::string_view producer, producer_version;
  Range opsets_used;  ///< of opsets
  bool training = false;

  std::vector<Graph> graphs;  ///< the first is the model's
  std::vector<Function> functions;
  std::vector<OpsetImport> opsets;
  std::vector<Node> nodes;
  std::vector<Attribute> attributes;
  std::vector<std::string_view> names;
  std::vector<Value> values;
  std::vector<Tensor> tensors;
  std::vector<Dimension> dimensions;
};

inline constexpr std::string_view kStandardDomain = "ai.onnx";

}  // namespace socle::migrate::onnx
