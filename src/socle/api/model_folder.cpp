#include "socle/api/model_folder.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/base/utf8.hpp"
#include "socle/model/weight_file.hpp"

namespace socle::api {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 100'000;

[[noreturn]] void refuse(const std::string& source, std::string message) {
  throw InputError(Problem{source, 0, 0, {}, std::move(message)});
}

/// The header of a safetensors file and no more: eight bytes of length, then so many of JSON, all inside the file.
std::string head_of(const fs::path& path) {
  const std::string name = path.string();
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  std::uint64_t length = 0;
  std::array<char, sizeof length> start{};
  if (error || !file.read(start.data(), start.size()))
    refuse(name, "it is no safetensors file: eight bytes of length are missing");
  std::memcpy(&length, start.data(), sizeof length);
  if (length > model::kWeightHeadMax || length > size - start.size())
    refuse(name, fmt::format("its header says {} bytes: more than the file has, or than the {} MiB that are read",
                             length, model::kWeightHeadMax >> 20));
  std::string head(start.size() + length, '\0');
  std::memcpy(head.data(), start.data(), start.size());
  if (!file.read(head.data() + start.size(), static_cast<std::streamsize>(length))) refuse(name, "it cannot be read");
  return head;
}

bool runs_code(const std::string& name) {
  return name.ends_with(".bin") || name.ends_with(".pt") || name.ends_with(".pth") || name.ends_with(".pkl") ||
         name.ends_with(".ckpt");
}

std::vector<std::string> names_in(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    std::error_code none;
    if (it->is_regular_file(none)) names.push_back(it->path().filename().string());
    if (names.size() > kFilesMax)
      refuse(path, fmt::format("more than {} files: name the folder of one model", kFilesMax));
  }
  if (error) refuse(path, "the folder cannot be read: " + error.message());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

bool is_model_folder(const std::string& path) {
  std::error_code none;
  return fs::is_regular_file(fs::path(path) / "config.json", none);
}

migrate::Checkpoint read_model_folder(const std::string& path) {
  migrate::Checkpoint checkpoint;
  checkpoint.folder = path;
  const std::string config = (fs::path(path) / "config.json").string();
  checkpoint.read_config(read_file(config), config);
  const std::vector<std::string> names = names_in(path);
  for (const std::string& name : names) {
    const fs::path file = fs::path(path) / name;
    if (name.ends_with(".safetensors")) checkpoint.read_weights(head_of(file), file.string());
    if (runs_code(name)) checkpoint.pickles.push_back(escape_controls(name, ""));
    if (!name.ends_with(".safetensors.index.json")) continue;
    for (const std::string& shard : migrate::shards_of(read_file(file.string()), file.string())) {
      if (!std::binary_search(names.begin(), names.end(), shard))
        checkpoint.missing.push_back(escape_controls(shard, ""));
    }
  }
  return checkpoint;
}

}  // namespace socle::api
