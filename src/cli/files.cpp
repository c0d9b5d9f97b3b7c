#include "cli/files.hpp"

#include <filesystem>

namespace socle::cli {
namespace {

bool one_file(const std::string& a, const std::string& b) {
  std::error_code unknown;
  if (std::filesystem::equivalent(a, b, unknown)) return true;
  return std::filesystem::path(a).lexically_normal() == std::filesystem::path(b).lexically_normal();
}

/// Is it one of the files that --catalog reads?
bool of_catalogue(const std::string& path, const std::string& folder) {
  std::error_code unknown;
  const std::filesystem::path file = std::filesystem::weakly_canonical(path, unknown);
  const std::filesystem::path inside = file.lexically_relative(std::filesystem::weakly_canonical(folder, unknown));
  return file.extension() == ".toml" && !inside.empty() && *inside.begin() != "..";
}

/// A path that a scenario names is meant from the scenario's folder.
std::string path_beside(const std::string& scenario, const std::string& path) {
  const std::size_t slash = scenario.rfind('/');
  return path.starts_with('/') || slash == std::string::npos ? path : scenario.substr(0, slash + 1) + path;
}

}  // namespace

Files::Files(const Arguments& arguments, std::vector<std::string> outputs) : arguments_(arguments) {
  for (const std::string& option : outputs) {
    const auto path = arguments.value(option);
    if (!path) continue;
    for (const auto& [other, taken] : outputs_) {
      if (one_file(*path, taken))
        throw InputError(Problem{*path, 0, 0, option, other + " and " + option + " name the same file; name two"});
    }
    if (arguments.has("--catalog") && of_catalogue(*path, arguments.text("--catalog")))
      throw InputError(Problem{*path, 0, 0, option,
                               "would become part of the catalogue that --catalog reads; name a file outside it"});
    outputs_.emplace_back(option, *path);
  }
}

std::string Files::read(const std::string& path) const {
  std::string text = read_file(path);
  check_not_written(path);
  return text;
}

void Files::check_not_written(const std::string& path) const {
  for (const auto& [option, output] : outputs_) {
    if (one_file(path, output))
      throw InputError(
          Problem{path, 0, 0, option, "is read here, and " + option + " would write over it; name another file"});
  }
}

std::function<std::string(const std::string&)> Files::beside(const std::string& scenario) const {
  return [this, scenario](const std::string& path) { return read(path_beside(scenario, path)); };
}

std::function<std::unique_ptr<std::istream>(const std::string&)> Files::opened_beside(
    const std::string& scenario) const {
  return [this, scenario](const std::string& path) {
    auto file = open_file(path_beside(scenario, path));
    check_not_written(path_beside(scenario, path));
    return file;
  };
}

}  // namespace socle::cli
