#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/catalog.hpp"

namespace socle::migrate {

/// A software platform under an accelerator, and the names that launch files need there. An empty name is unknown.
struct Platform {
  std::string key;     ///< "ascend"
  std::string name;    ///< "Huawei Ascend CANN"
  std::string vendor;  ///< of its chips, as the catalogue writes it: "Huawei"
  std::string visible_devices, collectives, torch_device, backend, allocator, socket, resource, import;
  std::vector<std::string> unverified;  ///< columns of which no public code was seen: "socket"
  std::string source;
};

/// Those of compat/platform-names.csv, in its order. Throws InputError.
std::vector<Platform> platforms(const catalog::Catalog& catalog);

/// The platform of this key, or of the vendor of a chip; nothing where none is known.
const Platform* find_platform(const std::vector<Platform>& platforms, std::string_view key);
const Platform* platform_of_vendor(const std::vector<Platform>& platforms, std::string_view vendor);

}  // namespace socle::migrate
