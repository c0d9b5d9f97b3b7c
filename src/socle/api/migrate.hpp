#pragma once

#include <string>
#include <vector>

#include "socle/answer/migrate/code_migration.hpp"
#include "socle/answer/migrate/fact_packs.hpp"
#include "socle/api/request.hpp"
#include "socle/base/progress.hpp"

namespace socle::api {

/// What `socle migrate cuda` asks.
struct MigrateCodeRequest {
  std::vector<std::string> paths;          ///< folders and source files
  std::string to;                          ///< "hip", "musa" or both with a comma between
  std::string names_text{}, names_name{};  ///< rows of the user's; an empty name: none
  bool patch = false;                      ///< writes renames; takes one target
};

using CodeAnswer = Answer<answer::CodeResult>;

/// Scans sources; nothing of them is executed. Throws InputError for bad input, and Cancelled.
CodeAnswer migrate_cuda(const catalog::Catalog& catalog, const MigrateCodeRequest& request,
                        Progress* progress = nullptr);

std::string text(const CodeAnswer& answer);
std::string json(const CodeAnswer& answer);
/// Some target is not no-go.
bool holds(const CodeAnswer& answer);

using PlatformsAnswer = Answer<answer::KnownTargets>;

/// What is known of each platform, and how old it is.
PlatformsAnswer migrate_targets(const catalog::Catalog& catalog);
std::string text(const PlatformsAnswer& answer);
std::string json(const PlatformsAnswer& answer);

}  // namespace socle::api
