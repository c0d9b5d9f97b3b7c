#pragma once

#include <vector>

#include "socle/scenario/key.hpp"
#include "socle/scenario/named.hpp"

namespace socle::scenario {

/// [model]: which model. Exactly one of name and config.
struct ModelSection {
  Named name;                            ///< of the catalogue
  Named config;                          ///< path of a Hugging Face config.json, relative to the scenario
  std::vector<std::string> ignore_keys;  ///< of the config, that are not understood and may be left out
};

std::vector<Key<ModelSection>> model_keys();

}  // namespace socle::scenario
