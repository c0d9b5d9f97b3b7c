#include "socle/base/mapped_file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"

namespace socle {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& message) {
  throw InputError(Problem{escape_controls(path, ""), 0, 0, {}, message});
}

}  // namespace

MappedFile::MappedFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) refuse(path, std::string("cannot be read: ") + std::strerror(errno));
  struct stat status = {};
  const bool known = fstat(file, &status) == 0;
  if (!known || !S_ISREG(status.st_mode)) {
    close(file);
    refuse(path, "is no ordinary file; name a file");
  }
  size_ = static_cast<std::size_t>(status.st_size);
  void* const mapped = size_ == 0 ? MAP_FAILED : mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
  const int error = errno;
  close(file);
  if (size_ == 0) return;
  if (mapped == MAP_FAILED) refuse(path, std::string("cannot be read: ") + std::strerror(error));
  data_ = static_cast<const char*>(mapped);
}

MappedFile::~MappedFile() {
  if (data_) munmap(const_cast<char*>(data_), size_);
}

}  // namespace socle
