#pragma once

#include "socle/catalog/chip.hpp"

namespace socle::catalog {

/// What the link between a chip and its host's memory delivers, per direction: 0.8 of its nominal rate (assumption),
/// which `host_interface` names: "PCIe5 x16" (16 lanes: 15.75 GB/s for generation 3, twice that for each later one) or
/// "NVLink-C2C 900 GB/s bidir". A generation that is not stated counts as 4.
BytesPerSecond host_link_bandwidth(const Chip& chip);

}  // namespace socle::catalog
