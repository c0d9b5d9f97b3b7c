#include "socle/catalog/metered_power.hpp"

#include "socle/base/toml_reader.hpp"

namespace socle::catalog {

std::vector<MeteredPower> metered_power(const Catalog& catalog) {
  std::vector<MeteredPower> list;
  for (const std::string& path : catalog.paths_under("power/")) {
    const TomlDocument document = TomlDocument::parse(catalog.text_of(path), catalog.source_of(path));
    for (const TomlTable& table : document.root().tables("measured")) {
      MeteredPower row;
      row.node = table.required_string("node");
      row.phase = table.required_string("phase");
      row.what = table.required_string("what");
      row.mean = table.required_quantity<Watts>("mean");
      row.low = table.optional_quantity<Watts>("low").value_or(row.mean);
      row.high = table.optional_quantity<Watts>("high").value_or(row.mean);
      row.peak = table.optional_quantity<Watts>("peak");
      row.idle = table.optional_quantity<Watts>("idle");
      row.source = table.required_string("source");
      list.push_back(std::move(row));
    }
    document.finish();
  }
  return list;
}

}  // namespace socle::catalog
