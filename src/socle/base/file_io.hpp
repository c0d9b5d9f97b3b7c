#pragma once

#include <cstddef>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace socle {

inline constexpr std::size_t kFileSizeMax = std::size_t{64} << 20;

/// The whole file as bytes. Throws InputError when it is missing, a directory, unreadable, or larger than `size_max`.
/// Used by faces and the API only: the library takes text.
std::string read_file(const std::string& path, std::size_t size_max = kFileSizeMax);

/// The first `size` bytes of the file, fewer where it is shorter. Throws as read_file does, but for size.
std::string read_file_head(const std::string& path, std::size_t size);

/// The file as a stream, for those that are read in pieces, and more than once. Throws InputError when it is missing or
/// no ordinary file.
std::unique_ptr<std::istream> open_file(const std::string& path);

/// Replaces the file in one step: a reader sees the old bytes or the new ones. Throws InputError and leaves no trace
/// when it cannot be written.
void write_file(const std::string& path, std::string_view text);

/// Regular files below a directory that end in `suffix`, as sorted paths relative to it with '/' between parts.
/// Throws InputError when it is no directory.
std::vector<std::string> list_files(const std::string& directory, std::string_view suffix);

}  // namespace socle
