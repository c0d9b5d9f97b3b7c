#pragma once

// What every face needs besides the questions themselves: errors, files, text that is safe to print, progress, and the
// version.
#include "socle/base/error.hpp"       // IWYU pragma: export
#include "socle/base/file_io.hpp"     // IWYU pragma: export
#include "socle/base/progress.hpp"    // IWYU pragma: export
#include "socle/base/split_list.hpp"  // IWYU pragma: export
#include "socle/base/suggest.hpp"     // IWYU pragma: export
#include "socle/base/text_table.hpp"  // IWYU pragma: export
#include "socle/base/utf8.hpp"        // IWYU pragma: export
#include "socle/base/version.hpp"     // IWYU pragma: export
