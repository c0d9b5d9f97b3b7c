#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/model/hf_reader.hpp"

namespace socle::model {

inline constexpr std::string_view kIgnoredAsTold = "ignored as told";
inline constexpr std::string_view kInert = "says nothing of the shape";

/// How files spell the number of routed experts.
inline constexpr HfReader::Keys kExpertCountKeys = {"n_routed_experts",  "num_experts", "num_local_experts",
                                                    "moe_num_experts",   "n_experts",   "num_moe_experts",
                                                    "num_routed_experts"};

/// A key of a config that the shape does not rest on, and why that is right.
struct UnusedKey {
  std::string key;
  std::string why;
};

/// Sorts the keys that a family did not ask for: those that say nothing of the shape, those that are off, those that
/// the user said to ignore; adds a problem for each that could change the shape.
std::vector<UnusedKey> judge_unread_keys(const HfReader& config, const std::vector<std::string>& ignored);

/// Keys that speak of experts with a number above zero, where no key tells how many experts there are.
std::vector<std::string> keys_of_missing_experts(const HfReader& config);

}  // namespace socle::model
