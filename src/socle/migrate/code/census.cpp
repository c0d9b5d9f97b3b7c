#include "socle/migrate/code/census.hpp"

#include "socle/base/utf8.hpp"

namespace socle::migrate {

void Census::add(const std::string& file, std::string_view source, Language language, const FileScan& found) {
  ++files;
  python_files += language == Language::kPython;
  lines += static_cast<std::size_t>(found.lines);
  bytes += source.size();
  launches += found.launches;
  not_utf8 += find_invalid_utf8(source).has_value();
  for (const Mention& mention : found.mentions) {
    const std::string name(source.substr(mention.offset, mention.length));
    NameUse& use = names[name];
    if (use.uses++ == 0) {
      use.row = mention.row;
      use.header = name.find('.') != std::string::npos;
      use.first = {file, mention.line};
    }
  }
  std::array<bool, kHazards> here{};
  for (const HazardPlace& place : found.hazards) {
    const auto kind = static_cast<std::size_t>(place.hazard);
    HazardUse& use = hazards[kind];
    ++use.places;
    if (!here[kind]) ++use.files;
    here[kind] = true;
    if (use.first.size() < HazardUse::kPlacesMax) use.first.push_back({file, place.line});
  }
}

}  // namespace socle::migrate
