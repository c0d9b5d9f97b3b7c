#include "socle/api/keys.hpp"

#include "socle/setup/vocabulary.hpp"

namespace socle::api {

const std::vector<scenario::KeyFacts>& key_facts() {
  static const std::vector<scenario::KeyFacts> kFacts = [] {
    std::vector<scenario::KeyFacts> facts;
    for (auto& key : scenario::scenario_keys(setup::vocabulary())) facts.push_back(std::move(key.facts));
    return facts;
  }();
  return kFacts;
}

}  // namespace socle::api
