#pragma once

#include <string>

namespace socle::cli {

/// Is the stream a terminal? 1 = standard output, 2 = standard error.
bool is_terminal(int descriptor);

/// Columns that text on the stream may take: the terminal's, between 40 and 100; 100 where there is none. COLUMNS, when
/// set to a number, goes before the terminal's own width.
int text_width(int descriptor);

}  // namespace socle::cli
