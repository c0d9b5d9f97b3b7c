#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "socle/answer/migrate/code_migration.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::answer {

/// One table of facts that migrations look things up in.
struct FactPack {
  std::string name;      ///< file of catalog/compat
  std::string asked_by;  ///< questions of `socle migrate`
  std::size_t rows = 0;
  std::string dated, says;
};

/// What `socle migrate targets` answers.
struct KnownTargets {
  std::vector<MigrationPlatform> platforms;
  std::vector<FactPack> packs;
};

/// All of them, in the order of compat/packs.csv. Throws InputError.
KnownTargets known_targets(const catalog::Catalog& catalog);

}  // namespace socle::answer
