#include "socle/answer/migrate/fact_packs.hpp"

#include "socle/base/csv.hpp"

namespace socle::answer {

KnownTargets known_targets(const catalog::Catalog& catalog) {
  const auto table_of = [&](const std::string& path) {
    return parse_csv(catalog.text_of(path), catalog.source_of(path));
  };
  KnownTargets known{.platforms = migration_platforms(catalog), .packs = {}};
  const CsvTable packs = table_of("compat/packs.csv");
  packs.require_columns({"pack", "asked_by", "dated", "says"});
  for (std::size_t row = 0; row < packs.rows(); ++row) {
    const std::string& name = packs.cell(row, "pack");
    known.packs.push_back({.name = name,
                           .asked_by = packs.cell(row, "asked_by"),
                           .rows = table_of("compat/" + name).rows(),
                           .dated = packs.cell(row, "dated"),
                           .says = packs.cell(row, "says")});
  }
  return known;
}

}  // namespace socle::answer
