#pragma once

#include <string>
#include <vector>

#include "socle/answer/train/train_result.hpp"

namespace socle::report {

/// Bars in text, at most 100 columns: each starts where the one above ends.
std::string waterfall_text(const std::vector<answer::WaterfallStep>& steps);

}  // namespace socle::report
