#pragma once

#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/kernel/collective_file.hpp"

namespace socle::machine {

/// Collectives of one chip inside its scale-up domain, and what a user measured beyond it.
struct LinkCurves {
  std::vector<kernel::CollectiveCurve> curves;  ///< sorted; empty: nobody measured a chip with such links
  bool borrowed = false;                        ///< measured on another chip whose links are alike
  kernel::CollectiveFile measured;              ///< the user's own file; empty without one
};

/// The user's `collectives/<chip>.toml` over the curves of the chip, or of its silicon with the time per byte scaled to
/// the chip's links, or of the first measured chip with links of the same name and speed. Throws InputError on a
/// malformed file.
LinkCurves link_curves(const catalog::Catalog& catalog, const catalog::Chip& chip);

/// The user's file alone; empty without one.
kernel::CollectiveFile measured_collectives(const catalog::Catalog& catalog, const catalog::Chip& chip);

/// Time per byte on the chip's links over that on the links of its measured silicon; 1 where either is unknown.
double link_ratio(const catalog::Catalog& catalog, const catalog::Chip& chip);

}  // namespace socle::machine
