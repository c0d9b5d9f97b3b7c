#pragma once

#include <vector>

#include "socle/catalog/chip.hpp"
#include "socle/catalog/stack.hpp"

namespace socle::catalog {

/// Stacks on which a job may run whose stack is not stated, sorted by slug: of each framework that people run on this
/// kind of chip (`plausible_on`) the latest release, where that is neither older than the chip nor superseded by years.
/// The latest is the one that begins last; of one year, the last slug. Superseded: its years ended more than one year
/// before the newest stack of the catalogue began. Never a benchmark submission or what a company keeps to itself:
/// their files name no kind. Where none is left, the default of the kind alone.
/// Requires: the catalogue has a default for every kind.
std::vector<Stack> plausible_stacks(const std::vector<Stack>& stacks, const Chip& chip);

}  // namespace socle::catalog
