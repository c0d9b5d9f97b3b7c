#include "socle/answer/catalog/catalog.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/error.hpp"
#include "socle/base/lower_case.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"
#include "socle/catalog/loaders.hpp"
#include "socle/catalog/stacks.hpp"
#include "socle/setup/model_catalog.hpp"

namespace socle::answer {
namespace {

using catalog::Catalog;

/// Libraries, transports, failures and incidents belong to other readers; the catalogue knows their names only.
std::vector<NamedEntry> names_under(const Catalog& catalog, std::string_view folder) {
  std::vector<NamedEntry> all;
  for (const std::string& path : catalog.paths_under(folder)) {
    if (!path.ends_with(".toml")) continue;
    all.push_back({path.substr(folder.size(), path.size() - folder.size() - 5),
                   catalog::load_names(catalog.text_of(path), catalog.source_of(path)).front()});
  }
  return all;
}

std::vector<ModelEntry> models_of(const Catalog& catalog) {
  std::vector<ModelEntry> all;
  for (const NamedEntry& entry : names_under(catalog, "models/")) {
    const model::Transformer model = setup::load_model(catalog, entry.slug);
    const model::ParameterCount count = model::count_parameters(model);
    all.push_back({entry.slug, entry.name, count.total, count.active, model.layers(), model.hidden, model.context});
  }
  return all;
}

/// Regions, or price lists: the values of one field of all prices, with how many each has and of what.
std::vector<FoundEntry> groups_of(const Catalog& catalog, const char* section, std::string catalog::Price::*field,
                                  std::string_view category) {
  std::map<std::string, std::vector<std::string>> groups;
  for (const catalog::Price& price : catalog.prices()) {
    if ((price.*field).empty() || (!category.empty() && price.category != category)) continue;
    groups[price.*field].push_back(price.category);
  }
  std::vector<FoundEntry> entries;
  for (auto& [name, categories] : groups) {
    const std::size_t count = categories.size();
    std::sort(categories.begin(), categories.end());
    categories.erase(std::unique(categories.begin(), categories.end()), categories.end());
    entries.push_back(
        {section, name, fmt::format("{} price{}: {}", count, count == 1 ? "" : "s", fmt::join(categories, ", "))});
  }
  return entries;
}

std::size_t entries(const CatalogResult& result) {
  return result.chips.size() + result.nodes.size() + result.gear.size() + result.prices.size() + result.models.size() +
         result.stacks.size() + result.libraries.size() + result.transports.size() + result.engines.size() +
         result.failures.size() + result.incidents.size() + result.rules.size() + result.found.size() +
         result.data_rules.size() + result.sites.size();
}

// Of sections that are not files of their own.
std::vector<std::string> names_of(const CatalogResult& result) {
  std::vector<std::string> names;
  for (const catalog::Price& price : result.prices) names.push_back(price.item);
  for (const catalog::ExportRule& rule : result.rules) names.push_back(rule.id);
  for (const catalog::DataRule& rule : result.data_rules) names.push_back(rule.id);
  for (const catalog::NetworkGear& gear : result.gear) names.push_back(gear.name);
  for (const FoundEntry& entry : result.found) names.push_back(entry.name);
  for (const catalog::Site& site : result.sites) names.push_back(site.slug);
  return names;
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
  // A version of an engine is of the line that holds it.
  const std::string slug =
      section == "engines" ? catalog::resolve_engine(catalog, name).slug : catalog.slug_of(section, name);
  result.path = fmt::format("{}/{}.toml", section, slug);
  result.file = std::string(catalog.text_of(result.path));
  return result;
}

CatalogResult any_entry(const Catalog& catalog, std::string_view name) {
  constexpr std::string_view kHint = "; did you mean";
  std::string near = ";";  // what the first section with a name like it says
  for (const std::string& section : catalog_sections()) {
    try {
      return catalog_show(catalog, section, name);
    } catch (const InputError& error) {
      const std::string& message = error.problems().front().message;
      if (!message.starts_with("unknown") && !message.starts_with("no entry of")) throw;
      const std::size_t hint = message.rfind(kHint);
      if (near == ";" && hint != std::string::npos) near = message.substr(hint, message.rfind('?') + 1 - hint);
    }
  }
  throw InputError(Problem{{},
                           0,
                           0,
                           "name",
                           fmt::format("no section of the catalogue has an entry \"{}\"{} `socle catalog search {}` "
                                       "looks inside names and makers",
                                       printable(name), near, printable(name))});
}

}  // namespace

const std::vector<std::string>& catalog_sections() {
  static const std::vector<std::string> kNames = {"chips",     "nodes",     "network",    "prices",  "models",
                                                  "stacks",    "libraries", "transports", "engines", "failures",
                                                  "incidents", "rules",     "regions",    "lists",   "sites"};
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
  } else if (section == "libraries") {
    result.libraries = names_under(catalog, "libraries/");
  } else if (section == "transports") {
    result.transports = names_under(catalog, "transports/");
  } else if (section == "failures") {
    result.failures = names_under(catalog, "failures/");
  } else if (section == "incidents") {
    result.incidents = names_under(catalog, "incidents/");
  } else if (section == "engines") {
    result.engines = catalog::load_engines(catalog);
  } else if (section == "rules") {
    result.rules = catalog.export_rules();
    for (const catalog::Jurisdiction& one : catalog::load_jurisdictions(catalog))
      result.data_rules.insert(result.data_rules.end(), one.rules.begin(), one.rules.end());
  } else if (section == "regions") {
    result.found = groups_of(catalog, "regions", &catalog::Price::region, {});
  } else if (section == "lists") {
    result.found = groups_of(catalog, "lists", &catalog::Price::provider, "network");
  } else if (section == "sites") {
    result.sites = catalog::load_sites(catalog);
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
  for (const char* files : {"models", "stacks", "libraries", "transports", "engines", "failures", "incidents"}) {
    if (section == files) return file_entry(catalog, section, name);
  }
  CatalogResult result = section == "nodes" ? CatalogResult{.section = "nodes"} : catalog_list(catalog, section);
  result.one_entry = true;
  const std::vector<std::string> known = names_of(result);
  if (section == "nodes") {
    result.nodes.push_back(catalog.node(name));
    return result;
  }
  if (section == "regions" || section == "lists") {
    const auto field = section == "regions" ? &catalog::Price::region : &catalog::Price::provider;
    result = catalog_list(catalog, "prices");
    result.one_entry = true;
    std::erase_if(result.prices,
                  [&](const catalog::Price& price) { return lower_case(price.*field) != lower_case(name); });
    if (section == "lists") std::erase_if(result.prices, [](const auto& price) { return price.category != "network"; });
  } else {
    std::erase_if(result.prices,
                  [&](const catalog::Price& price) { return lower_case(price.item) != lower_case(name); });
  }
  std::erase_if(result.rules, [&](const catalog::ExportRule& rule) { return lower_case(rule.id) != lower_case(name); });
  std::erase_if(result.data_rules,
                [&](const catalog::DataRule& rule) { return lower_case(rule.id) != lower_case(name); });
  std::erase_if(result.sites, [&](const catalog::Site& site) {
    return lower_case(site.slug) != lower_case(name) && lower_case(site.place) != lower_case(name);
  });
  std::erase_if(result.gear,
                [&](const catalog::NetworkGear& gear) { return lower_case(gear.name) != lower_case(name); });
  if (entries(result) == 0) {
    throw InputError(
        Problem{{},
                0,
                0,
                "name",
                fmt::format("no entry of \"{}\" is called \"{}\"{} `socle catalog {}` lists them", section,
                            printable(name), nearest_name(name, known) ? did_you_mean(name, known) : ";", section)});
  }
  return result;
}

}  // namespace socle::answer
