#include "socle/base/file_io.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <unistd.h>

#include "socle/base/error.hpp"

namespace socle {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& path, const std::string& message) {
  throw InputError(Problem{path, 0, 0, {}, message});
}

std::ifstream opened(const std::string& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) refuse(path, "no such file");
  if (error) refuse(path, "cannot be read: " + error.message());
  if (fs::is_directory(status)) refuse(path, "is a directory; name a file");
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(path, std::string("cannot be read: ") + std::strerror(errno));
  return file;
}

}  // namespace

std::string read_file_head(const std::string& path, std::size_t size) {
  std::ifstream file = opened(path);
  std::string text(size, '\0');
  file.read(text.data(), static_cast<std::streamsize>(size));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad()) refuse(path, "cannot be read");
  return text;
}

std::string read_file(const std::string& path, std::size_t size_max) {
  std::ifstream file = opened(path);
  std::string text;
  std::error_code unknown;
  if (const std::uintmax_t size = fs::file_size(path, unknown); !unknown)
    text.reserve(static_cast<std::size_t>(std::min<std::uintmax_t>(size, size_max)));
  char chunk[65536];
  while (file.read(chunk, sizeof chunk) || file.gcount() > 0) {
    text.append(chunk, static_cast<std::size_t>(file.gcount()));
    if (text.size() > size_max) refuse(path, "is larger than " + std::to_string(size_max) + " bytes");
  }
  if (file.bad()) refuse(path, "cannot be read to its end");
  return text;
}

std::unique_ptr<std::istream> open_file(const std::string& path) {
  auto file = std::make_unique<std::ifstream>(opened(path));
  if (!fs::is_regular_file(path)) refuse(path, "is no ordinary file, and it is read more than once; name a file");
  return file;
}

void write_file(const std::string& path, std::string_view text) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  // A result replaces what stands there in one step; a device, a pipe or a folder would become a file.
  if (fs::exists(status) && !fs::is_regular_file(status))
    refuse(path, "is no ordinary file and is left as it is; name a file to write");
  std::string temporary = path + ".XXXXXX";
  const int descriptor = mkstemp(temporary.data());
  if (descriptor < 0) refuse(path, std::string("cannot be written: ") + std::strerror(errno));
  const auto give_up = [&](const std::string& why) {
    std::remove(temporary.c_str());
    refuse(path, "cannot be written: " + why);
  };
  std::FILE* file = fdopen(descriptor, "wb");
  if (!file) {
    const std::string why = std::strerror(errno);
    close(descriptor);
    give_up(why);
  }
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size() && std::fflush(file) == 0;
  const std::string why = std::strerror(errno);
  const bool closed = std::fclose(file) == 0;
  if (!written || !closed) give_up(why);
  error.clear();
  // The temporary file is private; the result has the rights that a new file usually gets.
  fs::permissions(temporary, fs::perms(0644), error);
  fs::rename(temporary, path, error);
  if (error) give_up(error.message());
}

std::vector<std::string> list_files(const std::string& directory, std::string_view suffix) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) refuse(directory, "is no directory");
  std::vector<std::string> paths;
  fs::recursive_directory_iterator at(directory, error), end;
  for (; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    const std::string relative = fs::relative(at->path(), directory, ignored).generic_string();
    if (at->is_regular_file(ignored) && relative.ends_with(suffix)) paths.push_back(relative);
  }
  if (error) refuse(directory, "cannot be listed: " + error.message());
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace socle
