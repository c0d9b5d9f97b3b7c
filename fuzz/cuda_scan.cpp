// Any bytes are scanned as C++ and as Python: what is found lies in the text, in order, and the patch keeps each line
// that it does not change.
#include <cstdint>
#include <string_view>

#include "socle/base/csv.hpp"
#include "socle/migrate/code/patch.hpp"
#include "socle/migrate/code/scan.hpp"

namespace {

using namespace socle::migrate;

const NameTable& names() {
  static const NameTable table(socle::parse_csv("cuda,library,kind,hip,hip_status,musa,musa_status\n"
                                                "cuda_runtime.h,header,header,hip/hip_runtime.h,supported,,\n"
                                                "cudaMalloc,cuda_runtime,function,hipMalloc,supported,,\n"
                                                "__shfl_sync,cuda_device,function,,unsupported,,\n",
                                                "names.csv"),
                               nullptr);
  return table;
}

void check(std::string_view text, Language language) {
  const FileScan found = scan(text, language, true, names());
  std::size_t at = 0;
  for (const Mention& mention : found.mentions) {
    if (mention.offset < at || mention.offset + mention.length > text.size()) __builtin_trap();
    if (mention.line < 1 || mention.line > found.lines) __builtin_trap();
    at = mention.offset + mention.length;
  }
  for (const HazardPlace& place : found.hazards) {
    if (place.line < 1 || place.line > found.lines) __builtin_trap();
  }
  const std::string patch = rename_patch("a.cu", text, found, names(), Target::kHip);
  if (patch.empty() != (patch.find("\n+") == std::string::npos)) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text, Language::kCpp);
  check(text, Language::kPython);
  return 0;
}
