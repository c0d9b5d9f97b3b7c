#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "socle/api/face.hpp"

namespace socle::cli {

/// Writes a result where the user said. A result replaces what stands there in one step, so a device, a pipe or a folder
/// is refused: it would be replaced by a file. Throws InputError when it cannot be written.
inline void write_result(const std::string& path, std::string_view text) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    throw InputError(Problem{path, 0, 0, {}, "is no ordinary file and is left as it is; name a file to write"});
  }
  write_file(path, text);
}

}  // namespace socle::cli
