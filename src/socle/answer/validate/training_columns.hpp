#pragma once

#include <cstddef>

#include "socle/base/csv.hpp"
#include "socle/base/error.hpp"

namespace socle::answer {

/// What is wrong with the numbers of one row of measured training runs: each column has its range, whole or not, as the
/// keys of a scenario have theirs. An empty cell is "not stated".
Problems training_row_problems(const CsvTable& table, std::size_t row);

}  // namespace socle::answer
