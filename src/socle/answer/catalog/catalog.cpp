#include "socle/answer/catalog/catalog.hpp"

#include <optional>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/suggest.hpp"
#include "socle/catalog/loaders.hpp"
#include "socle/catalog/stacks.hpp"

namespace socle::answer {
namespace {

using catalog::Catalog;

/// Models belong to another reader; the catalogue knows their names only.
std::vector<ModelName> models_of(const Catalog& catalog) {
  std::vector<ModelName> all;
  for (const std::string& path : catalog.paths_under("models/")) {
    if (!path.ends_with(".toml")) continue;
    all.push_back({path.substr(7, path.size() - 12),
                   catalog::load_names(catalog.text_of(path), catalog.source_of(path)).front()});
  }
  return all;
}

std::size_t entries(const CatalogResult& result) {
  return result.chips.size() + result.nodes.size() + result.gear.size() + result.prices.size() + result.models.size() +
         result.stacks.size();
}

CatalogResult chip_entry(const Catalog& catalog, std::string_view name) {
  CatalogResult result{.section = "chips", .one_entry = true};
  const catalog::Chip chip = catalog.chip(name);
  result.exports = {catalog::export_class_2022_10(chip), catalog::export_class_2023_11(chip),
                    catalog::export_class_2026_01(chip)};
  result.chips.push_back(chip);
  return result;
}

CatalogResult file_entry(const Catalog& catalog, std::string_view section, std::string_view name) {
  CatalogResult result{.section = std::string(section), .one_entry = true};
  result.path = fmt::format("{}/{}.toml", section, catalog.slug_of(section, name));
  result.file = std::string(catalog.text_of(result.path));
  return result;
}

CatalogResult any_entry(const Catalog& catalog, std::string_view name) {
  std::optional<InputError> refusal;
  for (const char* section : {"chips", "nodes", "models", "stacks"}) {
    try {
      return catalog_show(catalog, section, name);
    } catch (const InputError& error) {
      const std::string& message = error.problems().front().message;
      if (!message.starts_with("unknown")) throw;
      if (!refusal || message.find("did you mean") != std::string::npos) refusal = error;
    }
  }
  throw *refusal;
}

}  // namespace

const std::vector<std::string>& catalog_sections() {
  static const std::vector<std::string> kNames = {"chips", "nodes", "network", "prices", "models", "stacks"};
  return kNames;
}

CatalogResult catalog_list(const Catalog& catalog, std::string_view section) {
  CatalogResult result{.section = std::string(section)};
  const std::vector<std::string>& known = catalog_sections();
  if (section.empty()) {
    for (const std::string& one : known) result.counts.emplace_back(one, entries(catalog_list(catalog, one)));
  } else if (section == "chips") {
    result.chips = catalog.chips();
  } else if (section == "nodes") {
    result.nodes = catalog.nodes();
  } else if (section == "network") {
    result.gear = catalog.gear();
  } else if (section == "prices") {
    result.prices = catalog.prices();
  } else if (section == "models") {
    result.models = models_of(catalog);
  } else if (section == "stacks") {
    result.stacks = catalog::load_stacks(catalog);
  } else {
    throw InputError(Problem{
        {},
        0,
        0,
        "section",
        fmt::format("unknown section \"{}\"{} Write one of: {}", section,
                    nearest_name(section, known) ? did_you_mean(section, known) : ".", fmt::join(known, ", "))});
  }
  return result;
}

CatalogResult catalog_show(const Catalog& catalog, std::string_view section, std::string_view name) {
  if (section.empty()) return any_entry(catalog, name);
  if (section == "chips") return chip_entry(catalog, name);
  if (section == "models" || section == "stacks") return file_entry(catalog, section, name);
  CatalogResult result = section == "nodes" ? CatalogResult{.section = "nodes"} : catalog_list(catalog, section);
  result.one_entry = true;
  if (section == "nodes") {
    result.nodes.push_back(catalog.node(name));
    return result;
  }
  std::erase_if(result.gear, [&](const catalog::NetworkGear& gear) { return edit_distance(name, gear.name) != 0; });
  std::erase_if(result.prices, [&](const catalog::Price& price) { return edit_distance(name, price.item) != 0; });
  if (entries(result) == 0) {
    throw InputError(Problem{
        {},
        0,
        0,
        "name",
        fmt::format("no entry of \"{}\" is called \"{}\"; `socle catalog {}` lists them", section, name, section)});
  }
  return result;
}

}  // namespace socle::answer
