#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace socle {

/// A file's bytes as they lie on the disk: only what is looked at is read, so its size does not matter. Used by faces
/// and the API only: the library takes bytes.
class MappedFile {
 public:
  /// Throws InputError when it is missing, no ordinary file or unreadable.
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  /// Valid while this lives.
  std::string_view bytes() const { return {data_, size_}; }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace socle
