#include "socle/catalog/host_link.hpp"

#include <charconv>
#include <string_view>

namespace socle::catalog {
namespace {

// The number that follows `words` in the text; `otherwise` when there is none.
int number_after(std::string_view text, std::string_view words, int otherwise) {
  const std::size_t at = text.find(words);
  if (at == std::string_view::npos) return otherwise;
  const std::string_view rest = text.substr(at + words.size());
  int number = otherwise;
  std::from_chars(rest.data(), rest.data() + rest.size(), number);
  return number;
}

}  // namespace

BytesPerSecond host_link_bandwidth(const Chip& chip) {
  constexpr double kAchieved = 0.8;
  const int both_ways = number_after(chip.host_interface, "NVLink-C2C ", 0);
  if (both_ways > 0) return BytesPerSecond{both_ways * 0.5e9 * kAchieved};
  BytesPerSecond nominal{15.75e9};
  const int generation = number_after(chip.host_interface, "PCIe", 4);
  for (int g = 4; g <= generation && g <= 7; ++g) nominal = nominal * 2.0;
  return nominal * kAchieved;
}

}  // namespace socle::catalog
