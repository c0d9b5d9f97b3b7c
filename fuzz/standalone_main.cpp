// Replays files through a fuzz target where libFuzzer is missing: arguments are files and directories.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

int replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "%s: cannot be read; name files or folders of inputs\n", path.c_str());
    return 0;
  }
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return 1;
}

}  // namespace

int main(int count, char** arguments) {
  int replayed = 0;
  bool all = true;
  for (int i = 1; i < count; ++i) {
    if (!std::filesystem::is_directory(arguments[i])) {
      const int read = replay(arguments[i]);
      all = all && read > 0;
      replayed += read;
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) replayed += replay(entry.path());
  }
  std::printf("%d inputs replayed\n", replayed);
  return all && replayed > 0 ? 0 : 1;
}
