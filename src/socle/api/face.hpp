#pragma once

// What every face needs besides the questions themselves: errors, files, and the version.
#include "socle/base/error.hpp"     // IWYU pragma: export
#include "socle/base/file_io.hpp"   // IWYU pragma: export
#include "socle/base/version.hpp"   // IWYU pragma: export
