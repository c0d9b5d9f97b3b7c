#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "socle/migrate/code/scan.hpp"

namespace socle::migrate {

struct Place {
  std::string file;
  int line = 0;
};

/// One name over all files.
struct NameUse {
  std::uint32_t row = Mention::kNoRow;
  bool header = false;
  std::size_t uses = 0;
  Place first;
};

/// One kind of hazard over all files.
struct HazardUse {
  static constexpr std::size_t kPlacesMax = 200;
  std::size_t places = 0, files = 0;
  std::vector<Place> first;  ///< in order, at most kPlacesMax
};

/// Files that were not scanned, and why.
struct Skipped {
  std::size_t links = 0, too_large = 0, binary = 0, unreadable = 0;
};

/// What a tree of sources holds. Memory grows with distinct names, not with files.
struct Census {
  std::size_t files = 0, python_files = 0, lines = 0, bytes = 0, launches = 0, not_utf8 = 0;
  Skipped skipped;
  std::map<std::string, NameUse> names;  ///< by CUDA name
  std::array<HazardUse, kHazards> hazards;

  void add(const std::string& file, std::string_view source, Language language, const FileScan& found);
  const HazardUse& of(Hazard hazard) const { return hazards[static_cast<std::size_t>(hazard)]; }
};

}  // namespace socle::migrate
