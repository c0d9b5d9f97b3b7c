#pragma once

#include "cli/args.hpp"

namespace socle::cli {

/// `--threads N`, 0 (all cores) when absent. Throws InputError unless N is a whole number from 1 to 1024.
unsigned thread_count(const Arguments& arguments);

}  // namespace socle::cli
