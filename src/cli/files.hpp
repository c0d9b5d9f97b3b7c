#pragma once

#include <functional>
#include <istream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/args.hpp"

namespace socle::cli {

/// A model's name with the suffix of a file, or that starts as a path does, is a file; "organisation/name" is a name.
inline bool names_file(const std::string& name) {
  return name.ends_with(".json") || name.starts_with(".") || name.starts_with("/");
}

/// Files that a command reads and writes: what it is to write is said first, so that nothing it reads is overwritten.
class Files {
 public:
  /// `outputs`: the options that name files to write. Throws InputError when two name one file.
  Files(const Arguments& arguments, std::vector<std::string> outputs);

  /// The whole file. Throws InputError when it is also to be written, before anything is computed.
  std::string read(const std::string& path) const;
  /// Reads what a scenario names, relative to the scenario's own folder. Requires: this object outlives the reader.
  std::function<std::string(const std::string&)> beside(const std::string& scenario) const;

  /// The same for files that are read in pieces.
  std::function<std::unique_ptr<std::istream>(const std::string&)> opened_beside(const std::string& scenario) const;

  bool wants(const std::string& option) const { return arguments_.has(option); }
  /// The option's file with this content.
  Outcome::File file(const std::string& option, std::string content) const {
    return {arguments_.text(option), std::move(content)};
  }

 private:
  void check_not_written(const std::string& path) const;

  const Arguments& arguments_;
  std::vector<std::pair<std::string, std::string>> outputs_;  ///< option, path
};

}  // namespace socle::cli
