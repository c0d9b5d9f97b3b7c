#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::catalog {

/// Where a cluster stands (`regions/<slug>.toml`): which quoted prices hold there, and how dirty its electricity is.
struct Region {
  std::string slug;
  std::string name;
  Currency currency = Currency::kUsd;  ///< in which its bills are paid
  /// Regions of `prices/`, the first that has a figure counts.
  std::vector<std::string> electricity, colocation, pue, rental;
  std::optional<double> carbon_kg_per_kwh;  ///< of its grid
  std::string carbon_year, carbon_source;
};

/// By slug, name or alias. Throws InputError, with "did you mean", when there is none, and on a malformed file.
Region region(const Catalog& catalog, std::string_view name);

}  // namespace socle::catalog
