#pragma once

#include <vector>

#include "socle/base/error.hpp"
#include "socle/scenario/scenario.hpp"

namespace socle::scenario {

/// Adds a problem for every flag that does not act on the question asked: flags of other questions, and flags that
/// something else in the scenario would have to be set for. Keys of files are not touched: one file serves all
/// questions.
void refuse_unused(const std::vector<Key<Scenario>>& keys, Question question, const Flags& given,
                   const Scenario& scenario, Problems& problems);

/// Does a flag mean another section's key on this question? --tp is [layout]'s in training and [serving]'s in serving.
bool is_of_other_question(const std::vector<Key<Scenario>>& keys, const KeyFacts& facts, Question question);

/// Does a key of [fabric] act on this topology?
bool acts_on_topology(const std::string& key, const std::string& topology);

}  // namespace socle::scenario
