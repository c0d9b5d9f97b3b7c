#include "socle/migrate/onnx/wire.hpp"

#include <fmt/format.h>

#include "socle/base/error.hpp"

namespace socle::migrate::onnx {
namespace {

constexpr unsigned kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5;

}  // namespace

void WireReader::refuse(const char* at, const std::string& message) const {
  throw InputError(Problem{
      file_.name, 0, 0, {}, fmt::format("byte {}: {}", static_cast<std::size_t>(at - file_.bytes.data()), message)});
}

std::uint64_t WireReader::varint() {
  const char* const start = next_;
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 70; shift += 7) {
    if (next_ == end_) refuse(start, "a number is cut off; the file is cut short, or is no ONNX model");
    const auto byte = static_cast<unsigned char>(*next_++);
    if (shift == 63 && (byte & 0x7e) != 0) break;
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if (byte < 0x80) return value;
  }
  refuse(start, "a number has more than 64 bits; the file is damaged, or is no ONNX model");
}

std::optional<Field> WireReader::next() {
  if (next_ == end_) return std::nullopt;
  Field field;
  field.at = next_;
  const std::uint64_t tag = varint();
  const std::uint64_t number = tag >> 3;
  if (number == 0 || number > 0x1fffffff)
    refuse(field.at, fmt::format("field {} cannot be; the file is damaged, or is no ONNX model", number));
  field.number = static_cast<std::uint32_t>(number);
  const unsigned type = tag & 7;
  if (type == kVarint) {
    field.value = varint();
    return field;
  }
  std::uint64_t length = type == kFixed64 ? 8 : 4;
  if (type == kLength)
    length = varint();
  else if (type != kFixed64 && type != kFixed32)
    refuse(field.at, fmt::format("field {} has wire type {}, which ONNX does not use; the file is damaged, or is no "
                                 "ONNX model",
                                 number, type));
  if (length > static_cast<std::uint64_t>(end_ - next_))
    refuse(field.at, fmt::format("field {} states {} bytes, of which {} are there; the file is cut short, or is no "
                                 "ONNX model",
                                 number, length, end_ - next_));
  field.bytes = {next_, static_cast<std::size_t>(length)};
  field.has_length = type == kLength;
  next_ += length;
  if (!field.has_length) {
    for (std::size_t i = 0; i < field.bytes.size(); ++i)
      field.value |= std::uint64_t{static_cast<unsigned char>(field.bytes[i])} << (8 * i);
  }
  return field;
}

std::string_view WireReader::bytes_of(const Field& field, const char* what) const {
  if (!field.has_length)
    refuse(field.at, fmt::format("{} is a number here; the file is damaged, or is no ONNX model", what));
  return field.bytes;
}

std::int64_t WireReader::number_of(const Field& field, const char* what) const {
  if (field.has_length)
    refuse(field.at, fmt::format("{} is no number here; the file is damaged, or is no ONNX model", what));
  return field.number64();
}

}  // namespace socle::migrate::onnx
