#pragma once

#include <optional>
#include <string>

#include "socle/setup/train_setup.hpp"

namespace socle::answer {

/// The single change of a layout that makes it fit into memory at the least step time, as a sentence such as
/// "recompute = \"full\" fits: 70.1 GB, 6.2 s a step"; empty when no single change does. The number of chips stays.
std::optional<std::string> nearest_fitting_change(const setup::TrainSetup& setup, const workload::Layout& layout);

}  // namespace socle::answer
