#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace socle::model {

/// The order of a model's layers in a few words: names of kinds, `name*5` for five in a row, `(a b*2)*10` for ten times
/// a group; groups nest. "dense*3 moe*58" is 3 dense layers, then 58 of kind moe.
struct PatternResult {
  std::vector<int> layers;  ///< an index into the names for each layer
  std::string problem;      ///< a sentence; empty when the pattern was read
};

/// Requires: nothing; any text gives layers or a problem. At most 4096 layers.
PatternResult read_pattern(std::string_view text, const std::vector<std::string>& names);

/// A short pattern that reads back to the same layers. Requires: every index is below names.size().
std::string write_pattern(const std::vector<int>& layers, const std::vector<std::string>& names);

}  // namespace socle::model
