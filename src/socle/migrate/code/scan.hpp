#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "socle/migrate/code/hazards.hpp"
#include "socle/migrate/code/names.hpp"
#include "socle/migrate/code/tokens.hpp"

namespace socle::migrate {

/// A CUDA name or header in a source.
struct Mention {
  static constexpr std::uint32_t kNoRow = 0xffffffff;
  std::size_t offset;
  std::uint32_t length;
  int line;
  std::uint32_t row;  ///< in the table of names; kNoRow: CUDA's by its prefix or folder, and no row knows it
};

struct HazardPlace {
  Hazard hazard;
  int line;
};

/// What one file holds.
struct FileScan {
  std::vector<Mention> mentions;     ///< in the order of the file
  std::vector<HazardPlace> hazards;  ///< the same; at most one of a kind on a line
  std::size_t launches = 0;          ///< kernel<<<...>>>
  int lines = 0;
};

/// The kind of source that a file name stands for; nothing for others.
std::optional<Language> language_of(std::string_view file_name);

/// Finds names, launches and hazards. Comments and strings are skipped, but for strings that name a device of PyTorch;
/// nothing is executed, included or expanded. Python sources are looked through for hazards only.
FileScan scan(std::string_view source, Language language, bool device_file, const NameTable& names);

/// By its extension, all of it may run on the device: .cu, .cuh.
bool is_device_file(std::string_view file_name);

}  // namespace socle::migrate
