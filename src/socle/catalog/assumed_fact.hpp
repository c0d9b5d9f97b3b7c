#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/chip.hpp"

namespace socle::catalog {

/// A value that the user supposes for a fact of one chip: `kunlunxin-p800.memory=64 GB`.
struct AssumedFact {
  std::string chip;   ///< as written; the slug once a catalogue took it
  std::string key;    ///< "memory", see `assumable_keys`
  std::string value;  ///< with its unit

  std::string text() const { return chip + "." + key + " = " + value; }
};

/// Facts that may be supposed, e.g. "memory".
const std::vector<std::string>& assumable_keys();

/// Reads `CHIP.KEY=VALUE, ...`; a value may stand in quotes. Throws InputError with every problem: no such form, no
/// such key, no value of the key's unit. The chips are not looked up.
std::vector<AssumedFact> parse_assumed_facts(std::string_view text);

/// The chip with the fact. Requires: it came from parse_assumed_facts.
Chip with_fact(Chip chip, const AssumedFact& fact);

/// What a chip has of a fact, with its unit; empty where it is not public. Requires: one of `assumable_keys`.
std::string fact_text(const Chip& chip, std::string_view key);

/// Which facts are missing and how to suppose them: "not public: memory; suppose values with --assume x.memory=VALUE".
/// Requires: some are.
std::string not_public(const Chip& chip);

/// Keys of the facts without which a chip cannot be judged, and that are not public: "memory", "memory_bandwidth",
/// "bf16" (for any 16-bit or 8-bit peak), "scale_up" (of a torus).
std::vector<std::string> missing_facts(const Chip& chip);

}  // namespace socle::catalog
