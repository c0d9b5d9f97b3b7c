#include "socle/migrate/platform.hpp"

#include "socle/base/csv.hpp"
#include "socle/base/split_list.hpp"

namespace socle::migrate {

std::vector<Platform> platforms(const catalog::Catalog& catalog) {
  constexpr const char* kPack = "compat/platform-names.csv";
  const CsvTable table = parse_csv(catalog.text_of(kPack), catalog.source_of(kPack));
  table.require_columns({"platform", "name", "vendor", "visible_devices", "collectives", "torch_device", "backend",
                         "allocator", "socket", "resource", "import", "unverified", "source"});
  std::vector<Platform> found;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto cell = [&](const char* column) { return table.cell(row, column); };
    found.push_back(
        {.key = cell("platform"),
         .name = cell("name"),
         .vendor = cell("vendor"),
         .visible_devices = cell("visible_devices"),
         .collectives = cell("collectives"),
         .torch_device = cell("torch_device"),
         .backend = cell("backend"),
         .allocator = cell("allocator"),
         .socket = cell("socket"),
         .resource = cell("resource"),
         .import = cell("import"),
         .unverified = cell("unverified").empty() ? std::vector<std::string>{} : split_list(cell("unverified")),
         .source = cell("source")});
  }
  return found;
}

const Platform* find_platform(const std::vector<Platform>& platforms, std::string_view key) {
  for (const Platform& platform : platforms) {
    if (platform.key == key) return &platform;
  }
  return nullptr;
}

const Platform* platform_of_vendor(const std::vector<Platform>& platforms, std::string_view vendor) {
  for (const Platform& platform : platforms) {
    if (platform.vendor == vendor) return &platform;
  }
  return nullptr;
}

}  // namespace socle::migrate
