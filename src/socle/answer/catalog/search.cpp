#include <algorithm>

#include <fmt/format.h>

#include "socle/answer/catalog/catalog.hpp"
#include "socle/base/error.hpp"
#include "socle/base/lower_case.hpp"
#include "socle/base/utf8.hpp"

namespace socle::answer {
namespace {

/// Takes the entries whose texts have the word in them.
class Search {
 public:
  explicit Search(std::string_view word) : word_(lower_case(word)) {}

  void look(std::string section, std::string name, std::string about,
            std::initializer_list<std::string_view> more = {}) {
    const auto has = [&](std::string_view text) { return lower_case(text).find(word_) != std::string::npos; };
    if (has(name) || has(about) || std::any_of(more.begin(), more.end(), has))
      found_.push_back({std::move(section), std::move(name), std::move(about)});
  }
  std::vector<FoundEntry> take() { return std::move(found_); }

 private:
  std::string word_;
  std::vector<FoundEntry> found_;
};

}  // namespace

CatalogResult catalog_search(const catalog::Catalog& catalog, std::string_view word) {
  if (word.empty())
    throw InputError(Problem{{}, 0, 0, {}, "search needs a word, such as: socle catalog search ascend"});
  Search search(word);
  for (const catalog::Chip& chip : catalog.chips())
    search.look("chips", chip.slug, chip.name, {chip.vendor, chip.software});
  for (const catalog::Node& node : catalog.nodes())
    search.look("nodes", node.slug, node.name, {node.chip, node.vendor});
  for (const catalog::NetworkGear& gear : catalog.gear())
    search.look("network", gear.name, gear.category, {gear.vendor});
  for (const catalog::Price& price : catalog.prices())
    search.look("prices", price.item, price.category, {price.provider, price.region});
  for (const ModelEntry& entry : catalog_list(catalog, "models").models) search.look("models", entry.slug, entry.name);
  for (const NamedEntry& entry : catalog_list(catalog, "libraries").libraries)
    search.look("libraries", entry.slug, entry.name);
  for (const NamedEntry& entry : catalog_list(catalog, "transports").transports)
    search.look("transports", entry.slug, entry.name);
  for (const NamedEntry& entry : catalog_list(catalog, "failures").failures)
    search.look("failures", entry.slug, entry.name);
  for (const NamedEntry& entry : catalog_list(catalog, "incidents").incidents)
    search.look("incidents", entry.slug, entry.name);
  for (const catalog::Engine& engine : catalog_list(catalog, "engines").engines)
    search.look("engines", engine.slug, engine.name);
  for (const catalog::Stack& stack : catalog_list(catalog, "stacks").stacks)
    search.look("stacks", stack.slug, stack.name);
  for (const catalog::ExportRule& rule : catalog.export_rules())
    search.look("rules", rule.id, rule.instrument, {rule.scope});
  for (const catalog::DataRule& rule : catalog_list(catalog, "rules").data_rules)
    search.look("rules", rule.id, rule.instrument, {rule.test});
  for (const catalog::Site& site : catalog_list(catalog, "sites").sites)
    search.look("sites", site.slug, site.place, {site.operator_name});
  for (const char* section : {"regions", "lists"}) {
    for (const FoundEntry& entry : catalog_list(catalog, section).found) search.look(section, entry.name, entry.about);
  }
  CatalogResult result{.section = "search"};
  result.found = search.take();
  if (result.found.empty()) {
    throw InputError(
        Problem{{},
                0,
                0,
                {},
                fmt::format("nothing in the catalogue has \"{}\" in its names; `socle catalog` counts what "
                            "there is",
                            printable(word))});
  }
  return result;
}

}  // namespace socle::answer
