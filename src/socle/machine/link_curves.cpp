#include "socle/machine/link_curves.hpp"

#include "socle/catalog/stacks.hpp"
#include "socle/kernel/collective_time.hpp"

namespace socle::machine {
namespace {

std::string tables_of(const std::string& slug) { return "kernels/" + slug + ".toml"; }

// The first measured chip, by slug, whose links have the same name and speed and reach as far; empty when there is
// none.
std::string chip_of_like_links(const catalog::Catalog& catalog, const catalog::Chip& chip) {
  if (chip.scale_up_link.empty() || !chip.scale_up_bandwidth) return {};
  for (const std::string& path : catalog.paths_under("kernels/")) {
    const std::string slug = path.substr(8, path.size() - 8 - 5);  // between "kernels/" and ".toml"
    const catalog::Chip other = catalog.chip(slug);
    if (other.scale_up_link == chip.scale_up_link && other.scale_up_bandwidth == chip.scale_up_bandwidth &&
        other.scale_up_domain == chip.scale_up_domain) {
      return slug;
    }
  }
  return {};
}

}  // namespace

kernel::CollectiveFile measured_collectives(const catalog::Catalog& catalog, const catalog::Chip& chip) {
  const std::string path = "collectives/" + chip.slug + ".toml";
  return catalog.has(path) ? kernel::parse_collective_file(catalog.text_of(path), catalog.source_of(path))
                           : kernel::CollectiveFile{};
}

double link_ratio(const catalog::Catalog& catalog, const catalog::Chip& chip) {
  const std::string silicon = catalog::measured_silicon(chip);
  if (silicon == chip.slug || !catalog.has(tables_of(silicon))) return 1.0;
  const catalog::Chip donor = catalog.chip(silicon);
  return donor.scale_up_bandwidth && chip.scale_up_bandwidth ? *donor.scale_up_bandwidth / *chip.scale_up_bandwidth
                                                             : 1.0;
}

LinkCurves link_curves(const catalog::Catalog& catalog, const catalog::Chip& chip) {
  LinkCurves result;
  std::string donor = catalog::measured_silicon(chip);
  double ratio = 1.0;
  if (catalog.has(tables_of(donor)))
    ratio = link_ratio(catalog, chip);
  else
    donor = chip_of_like_links(catalog, chip);
  if (!donor.empty()) {
    const std::string path = tables_of(donor);
    result.curves = kernel::parse_collective_tables(catalog.text_of(path), catalog.source_of(path));
    for (kernel::CollectiveCurve& curve : result.curves) curve = kernel::with_links(curve, ratio);
    result.borrowed = donor != chip.slug;
  }
  result.measured = measured_collectives(catalog, chip);
  kernel::lay_over(result.curves, result.measured.curves);
  return result;
}

}  // namespace socle::machine
