#include "socle/catalog/region.hpp"

#include <fmt/format.h>

#include "socle/base/toml_reader.hpp"

namespace socle::catalog {

Region region(const Catalog& catalog, std::string_view name) {
  constexpr double kCarbonMost = 5.0;
  Region region;
  region.slug = catalog.slug_of("regions", name);
  const std::string path = fmt::format("regions/{}.toml", region.slug);
  const TomlDocument document = TomlDocument::parse(catalog.text_of(path), catalog.source_of(path));
  const TomlTable root = document.root();
  region.name = root.required_string("name");
  root.ignore("aliases");
  if (const auto currency = root.optional_choice("currency", {"USD", "CNY"}))
    region.currency = static_cast<Currency>(*currency);
  const TomlTable prices = root.required_table("prices");
  const auto list = [&](const char* key) { return prices.optional_strings(key).value_or(std::vector<std::string>()); };
  region.electricity = list("electricity");
  region.colocation = list("colocation");
  region.pue = list("pue");
  region.rental = list("rental");
  if (const auto carbon = root.optional_table("carbon")) {
    region.carbon_kg_per_kwh = carbon->required_real("kg_per_kwh", 0.0, kCarbonMost);
    region.carbon_year = carbon->string_or("year", "");
    region.carbon_source = carbon->required_string("source");
  }
  document.finish();
  return region;
}

}  // namespace socle::catalog
