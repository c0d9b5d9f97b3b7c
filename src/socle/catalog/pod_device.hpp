#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "socle/catalog/catalog.hpp"

namespace socle::catalog {

/// How pods of Kubernetes ask for chips of a vendor.
struct PodDevice {
  std::string vendor;
  std::string resource;  ///< "nvidia.com/gpu"
  std::string source;
};

/// That of a vendor's chips; empty when none is known. Throws InputError on a malformed file.
std::optional<PodDevice> pod_device(const Catalog& catalog, std::string_view vendor);

}  // namespace socle::catalog
