#pragma once

#include "cli/args.hpp"

namespace socle::cli {

/// `--threads N`, 0 (all cores) when absent. Throws InputError unless N is a whole number from 1 to 1024.
unsigned thread_count(const Arguments& arguments);

/// A whole number in a range, `fallback` when the option is absent. Throws InputError naming the option and the range.
int whole_number(const Arguments& arguments, const char* option, int fallback, int least, int most);

}  // namespace socle::cli
