#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/migrate/code/census.hpp"
#include "socle/migrate/code/verdict.hpp"

namespace socle::answer {

/// A platform of which names are known.
struct MigrationPlatform {
  std::string key, name;
  std::size_t names = 0;  ///< CUDA names with a name there
  std::string dated;      ///< "2024-10"; empty: its source states no date
  std::string basis;      ///< "documented" or "assumed"
  std::string source, meaning;
  bool patch = false;  ///< `migrate cuda` takes it as target
};

/// All of them, in the order of the fact pack.
std::vector<MigrationPlatform> migration_platforms(const catalog::Catalog& catalog);

/// What `socle migrate cuda` answers.
struct CodeResult {
  migrate::NameTable names;
  migrate::Census census;
  std::vector<migrate::TargetVerdict> targets;
  std::vector<MigrationPlatform> platforms;
  std::string patch;               ///< to the one target of a patch
  std::size_t patch_left_out = 0;  ///< files with renames whose path no patch can say

  const MigrationPlatform& platform(migrate::Target target) const;
};

/// Reads sources one by one, keeping counts and first places of each name only.
class CodeReader {
 public:
  /// `own`: rows of the user's; an empty source: none. `patch_to`: writes renames for it.
  CodeReader(const catalog::Catalog& catalog, std::string_view own, const std::string& own_source,
             std::optional<migrate::Target> patch_to);

  /// Requires: `name` has an extension of a source.
  void read(const std::string& name, std::string_view source);
  void note(const migrate::Skipped& skipped) { result_.census.skipped = skipped; }
  void note_binary() { ++result_.census.skipped.binary; }
  void note_unreadable() { ++result_.census.skipped.unreadable; }
  CodeResult finish(const std::vector<migrate::Target>& targets);

 private:
  CodeResult result_;
  std::optional<migrate::Target> patch_to_;
};

}  // namespace socle::answer
