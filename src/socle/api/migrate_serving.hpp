#pragma once

#include <string>
#include <vector>

#include "socle/answer/migrate/serving_migration.hpp"
#include "socle/api/request.hpp"
#include "socle/base/progress.hpp"

namespace socle::api {

/// What `socle migrate serving` asks.
struct MigrateServingRequest {
  std::string launch_text, launch_name;    ///< a launch command, or a script with one; a folder's name alone: its model
  std::string from;                        ///< chip
  std::string to;                          ///< chips with commas between
  std::string rents{};                     ///< of `from` and each of `to`; empty: quotes of the catalogue
  std::string day{};                       ///< of the export rules; empty: the newest
  scenario::Flags flags{};                 ///< of the model and the requests
  std::string facts_text{}, facts_name{};  ///< rows of the user's packs; an empty name: none
  setup::FileReader read_file{};
};

using MigrateServingAnswer = Answer<answer::ServingMigration>;

/// Moves a served model to other chips. Throws InputError for bad input, and Cancelled.
MigrateServingAnswer migrate_serving(const catalog::Catalog& catalog, const MigrateServingRequest& request,
                                     Progress* progress = nullptr);

std::string text(const MigrateServingAnswer& answer);
std::string json(const MigrateServingAnswer& answer);
/// Some target is not no-go.
bool holds(const MigrateServingAnswer& answer);

/// Name of a chip and the script that launches the model there, for each target on which something fits.
std::vector<std::pair<std::string, std::string>> scripts(const MigrateServingAnswer& answer);

}  // namespace socle::api
