#pragma once

#include <string>
#include <vector>

#include "socle/migrate/judgement.hpp"

namespace socle::migrate {

/// What becomes of one item of a launch line or a configuration on the target.
enum class Change {
  kSame,
  kRenamed,
  kValueChanged,
  kMerged,
  kSplit,
  kAdded,               ///< the target needs it, the source did not say it
  kDroppedHarmless,     ///< nothing changes without it
  kDroppedPerformance,  ///< slower or larger without it
  kDroppedCorrectness,  ///< another result without it
  kNoEquivalent,        ///< the target has nothing for it: somebody has to decide
  kUnknown,             ///< no pack knows it
};
const char* change_key(Change change);  ///< "value_changed"

/// One item and what it is on the target; nothing that was read stays without one.
struct Translated {
  std::string item, value;  ///< as written: "--tp-comm-overlap"; an empty value is a switch
  int line = 0;             ///< of the text; 0 for what is added
  Change change = Change::kUnknown;
  std::string to_item, to_value;     ///< on the target; an empty item is none
  std::string why;                   ///< the rule, in a few words
  Status status = Status::kUnknown;  ///< of the item on the target
  Evidence evidence = Evidence::kE0;
  std::string source;  ///< of the statement: "owner/repo@commit path"
};

/// Something stands in the way: what has no equivalent or no known one, and what changes the result.
constexpr bool blocks(Change change) {
  return change == Change::kNoEquivalent || change == Change::kDroppedCorrectness || change == Change::kUnknown;
}

}  // namespace socle::migrate
