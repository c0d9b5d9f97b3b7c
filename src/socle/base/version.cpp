#include "socle/base/version.hpp"

#include "version_text.hpp"  // written by tools/version.py in the build folder

namespace socle {

std::string_view version() { return SOCLE_VERSION_TEXT; }

}  // namespace socle
