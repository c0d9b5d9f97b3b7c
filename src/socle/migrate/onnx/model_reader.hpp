#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/migrate/onnx/read_model.hpp"

namespace socle::migrate::onnx {

/// Reads one file into one model. Subgraphs wait in a list instead of on the stack, so that no depth of nesting ends
/// it.
class ModelReader {
 public:
  explicit ModelReader(const FileBytes& file) : file_(file) {}
  Model run();

 private:
  struct Waiting {
    std::uint32_t graph;
    std::string_view bytes;
  };

  // model_reader.cpp
  void opset(std::string_view bytes);
  void function(std::string_view bytes);
  void graph(std::uint32_t index, std::string_view bytes);
  Range nodes_of(std::string_view bytes, std::uint32_t field, int depth);
  Node node(std::string_view bytes, int depth);
  Attribute attribute(std::string_view bytes, int depth);
  void subgraph(const WireReader& reader, const Field& field, int depth, Attribute& attribute);
  Range names_of(std::string_view bytes, std::uint32_t field);
  /// Calls `use(reader, field)` for each field of this number, in the order of the file.
  template <typename Use>
  void each(std::string_view bytes, std::uint32_t number, const Use& use) const {
    WireReader reader(file_, bytes);
    while (const auto field = reader.next()) {
      if (field->number == number) use(reader, *field);
    }
  }
  /// The same for messages inside: calls `use(std::string_view)`.
  template <typename Use>
  void each_field(std::string_view bytes, std::uint32_t number, const Use& use) const {
    each(bytes, number,
         [&](const WireReader& reader, const Field& field) { use(reader.bytes_of(field, "a message")); });
  }

  // value_reader.cpp
  Value value(std::string_view bytes);
  TypeName type(std::string_view bytes, int depth, Value* shaped);
  TypeName tensor_type(std::string_view bytes, Value* shaped);
  void shape(std::string_view bytes, Value& value);
  Tensor tensor(std::string_view bytes, bool keeps_shape);
  Tensor sparse_tensor(std::string_view bytes);
  void external(std::string_view bytes, Tensor& tensor);
  std::uint64_t decimal(const WireReader& reader, const char* at, std::string_view text);
  void weigh(const WireReader& reader, const char* at, Tensor& tensor, std::uint64_t raw, bool has_raw);

  template <typename List>
  static std::uint32_t place(const List& list) {
    return static_cast<std::uint32_t>(list.size());
  }

  const FileBytes& file_;
  Model model_;
  std::vector<Waiting> waiting_;
};

}  // namespace socle::migrate::onnx
