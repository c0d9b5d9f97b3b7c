#pragma once

#include <string_view>

namespace socle {

/// Version of this build, part of the provenance of every result: "0.2.0" for a release; "0.2.0-dev+g1a2b3c4" for what
/// comes before it, with the commit, and ".dirty" behind it when files differ from that commit.
std::string_view version();

}  // namespace socle
