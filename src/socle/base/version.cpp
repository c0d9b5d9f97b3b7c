#include "socle/base/version.hpp"

#ifndef SOCLE_VERSION_TEXT
#define SOCLE_VERSION_TEXT "0.0.0-unversioned"
#endif

namespace socle {

std::string_view version() { return SOCLE_VERSION_TEXT; }

}  // namespace socle
