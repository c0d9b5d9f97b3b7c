#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/catalog/cluster.hpp"
#include "socle/scenario/key.hpp"
#include "socle/scenario/named.hpp"
#include "socle/scenario/vocabulary.hpp"

namespace socle::scenario {

/// Another name of a fat tree of two tiers.
inline constexpr const char* kLeafSpine = "leaf-spine";

/// [cluster], or one [[candidate]]: what is used or bought. Nodes of the catalogue, or bare chips in nodes of eight.
struct ClusterSection {
  std::string name;          ///< of a candidate, for people
  Named node, chip;          ///< exactly one of the two
  std::optional<int> nodes;  ///< empty in a candidate = sized by the planner
  std::optional<int> chips;  ///< in place of `nodes`
  std::string topology;      ///< of the scale-out fabric; empty = not stated
  catalog::ClusterOverrides overrides;
  Named stack;             ///< software stack; empty = the middle of the plausible ones
  double power_cap = 1.0;  ///< share of the chip's rated power
  std::optional<Money> rent_per_chip_hour;
  std::optional<Money> price_per_node;
};

std::vector<Key<ClusterSection>> cluster_keys(const Vocabulary& vocabulary);

/// Reads [cluster] or a [[candidate]], and checks what its keys say together.
ClusterSection read_cluster(const TomlTable& table, const Vocabulary& vocabulary, bool candidate);

/// "2.1 USD/chip-hour". Gives the amount, or a sentence in `problem`.
Parsed<Money> parse_rent(std::string_view text);

}  // namespace socle::scenario
