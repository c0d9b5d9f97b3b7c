#include "socle/api/keys.hpp"

#include "socle/setup/vocabulary.hpp"

namespace socle::api {

std::vector<scenario::KeyFacts> key_facts() {
  std::vector<scenario::KeyFacts> facts;
  for (auto& key : scenario::scenario_keys(setup::vocabulary())) facts.push_back(std::move(key.facts));
  return facts;
}

}  // namespace socle::api
