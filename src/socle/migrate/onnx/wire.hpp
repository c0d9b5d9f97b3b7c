#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace socle::migrate::onnx {

/// A file that is read where it lies: its name for messages and its bytes, from which offsets are counted.
struct FileBytes {
  std::string name;
  std::string_view bytes;
};

/// One field of a message of Protocol Buffers.
struct Field {
  std::uint32_t number = 0;
  std::uint64_t value = 0;  ///< of a varint or a fixed number
  std::string_view bytes;   ///< of what has a length
  bool has_length = false;  ///< `bytes` is it, otherwise `value`
  const char* at = nullptr;

  /// The number as a signed one, as int32, int64 and enumerations are written.
  std::int64_t number64() const { return static_cast<std::int64_t>(value); }
};

/// Reads the fields of one message, one after the other, and copies nothing. Lengths past the end, varints of more than
/// 64 bits, field numbers of zero and groups throw InputError with the byte's offset.
/// Source of the format: protobuf.dev, "Encoding".
class WireReader {
 public:
  /// Requires: `message` lies in the file, and the file outlives this.
  WireReader(const FileBytes& file, std::string_view message)
      : file_(file), next_(message.data()), end_(message.data() + message.size()) {}

  /// The next field, or nothing at the end of the message.
  std::optional<Field> next();
  /// Numbers in a packed field, or the one of an unpacked one: calls `use(std::uint64_t)`.
  template <typename Use>
  void numbers(const Field& field, const Use& use) const {
    if (!field.has_length) return use(field.value);
    WireReader packed(file_, field.bytes);
    while (packed.next_ != packed.end_) use(packed.varint());
  }

  /// What must have a length: a text, bytes, a message. Throws InputError where it is a number, and the reverse.
  std::string_view bytes_of(const Field& field, const char* what) const;
  std::int64_t number_of(const Field& field, const char* what) const;
  /// "byte 17: " and the message, as InputError.
  [[noreturn]] void refuse(const char* at, const std::string& message) const;

 private:
  std::uint64_t varint();

  const FileBytes& file_;
  const char* next_;
  const char* end_;
};

}  // namespace socle::migrate::onnx
