#pragma once

#include <string_view>

namespace socle {

/// Version of this build, e.g. "0.1.0"; part of the provenance of every result.
std::string_view version();

}  // namespace socle
