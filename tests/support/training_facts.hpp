#pragma once

#include <vector>

#include "socle/migrate/training/translate.hpp"

namespace socle::test {

/// The packs of training, read once.
inline const migrate::TrainingFacts& training_facts() {
  struct Packs {
    catalog::Catalog catalog{};
    migrate::ArgumentPack pack{catalog};
    migrate::TrainingRules rules{catalog};
    std::vector<migrate::Platform> platforms = migrate::platforms(catalog);
    migrate::TrainingFacts facts{pack, rules, platforms};
  };
  static const Packs packs;
  return packs.facts;
}

}  // namespace socle::test
