#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace socle::api {

/// Source files below some paths, and how much was not followed.
struct SourceTree {
  std::vector<std::string> files;  ///< as the user would name them, sorted below each path, none twice
  std::size_t links = 0, too_large = 0, unreadable = 0;
};

/// Walks folders without following links inside them, leaving out hidden folders; a path that is named itself may be a
/// link or a file of any size up to the limit of files. Throws InputError for a path that is missing or no source, and
/// beyond a million files.
SourceTree source_tree(const std::vector<std::string>& paths);

}  // namespace socle::api
