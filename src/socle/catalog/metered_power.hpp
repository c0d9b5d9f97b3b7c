#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/base/quantity.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::catalog {

/// The metered draw of a whole node through one run (`power/*.toml`).
struct MeteredPower {
  std::string node;     ///< slug
  std::string phase;    ///< "training"
  std::string what;     ///< machine, run and length
  Watts mean{};         ///< over nodes and time
  Watts low{}, high{};  ///< of node means; the mean where nobody states them
  std::optional<Watts> peak;
  std::optional<Watts> idle;  ///< the least that was read
  std::string source;
};

/// In the order of the sorted files. Throws InputError on malformed ones.
std::vector<MeteredPower> metered_power(const Catalog& catalog);

}  // namespace socle::catalog
