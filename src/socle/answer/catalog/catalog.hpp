#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/catalog/data_rule.hpp"
#include "socle/catalog/engine.hpp"
#include "socle/catalog/export_class.hpp"
#include "socle/catalog/site.hpp"
#include "socle/catalog/stack.hpp"

namespace socle::answer {

/// An entry of the catalogue by its names: a library, a transport.
struct NamedEntry {
  std::string slug, name;
};

/// A model by its names and its sizes.
struct ModelEntry {
  std::string slug, name;
  double parameters = 0, active = 0;  ///< in all, and used for a token
  int layers = 0, hidden = 0;
  int context = 0;  ///< longest published, in tokens; 0 = unknown
};

/// An entry that a search found, or a region or list of prices: where it belongs and what it is.
struct FoundEntry {
  std::string section, name, about;
};

/// What the catalogue holds of one section, or of one entry; only the list of that section is filled.
struct CatalogResult {
  std::string section;  ///< one of `catalog_sections`, "search", or empty = counts of all
  bool one_entry = false;
  std::vector<std::pair<std::string, std::size_t>> counts{};  ///< by section
  std::vector<catalog::Chip> chips{};
  std::vector<catalog::Node> nodes{};
  std::vector<catalog::NetworkGear> gear{};
  std::vector<catalog::Price> prices{};
  std::vector<ModelEntry> models{};
  std::vector<catalog::Stack> stacks{};
  std::vector<NamedEntry> libraries{}, transports{}, failures{}, incidents{};
  std::vector<catalog::Engine> engines{};
  std::vector<catalog::ExportRule> rules{};
  std::vector<catalog::DataRule> data_rules{};  ///< of the section "rules" too
  std::vector<catalog::Site> sites{};
  std::vector<FoundEntry> found{};                ///< of regions, price lists and searches
  std::vector<catalog::ExportVerdict> exports{};  ///< of one chip, oldest rule first
  std::string path{}, file{};                     ///< of one model or stack: where it stands, and its text
};

/// The sections, in the order of the summary.
const std::vector<std::string>& catalog_sections();

/// One section, or how many entries each has when none is named. Throws InputError for an unknown section.
CatalogResult catalog_list(const catalog::Catalog& catalog, std::string_view section);

/// Everything known of one entry, by any of its names. An empty section looks among all in turn. A region or a price
/// list shows its prices, a place all sites there. Throws InputError for an unknown name, with the nearest.
CatalogResult catalog_show(const catalog::Catalog& catalog, std::string_view section, std::string_view name);

/// Every entry one of whose names, makers or places has the word in it, whatever the case. Throws InputError for an
/// empty word, or when there is none.
CatalogResult catalog_search(const catalog::Catalog& catalog, std::string_view word);

}  // namespace socle::answer
