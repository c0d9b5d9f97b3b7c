#pragma once

#include <string>
#include <vector>

#include "socle/answer/migrate/training_arguments.hpp"
#include "socle/answer/migrate/training_migration.hpp"
#include "socle/api/request.hpp"

namespace socle::api {

using ArgumentsAnswer = Answer<answer::ArgumentsResult>;
using TrainingAnswer = Answer<answer::TrainingMigration>;

/// Arguments between frameworks and releases. Throws InputError.
ArgumentsAnswer migrate_arguments(const catalog::Catalog& catalog, const answer::ArgumentsQuestion& question);
std::string text(const ArgumentsAnswer& answer);
std::string json(const ArgumentsAnswer& answer);

/// A launch of training on other platforms; nothing of it is executed. Throws InputError.
TrainingAnswer migrate_training(const catalog::Catalog& catalog, const answer::TrainingQuestion& question);
std::string text(const TrainingAnswer& answer);
std::string json(const TrainingAnswer& answer);
/// Some target is not no-go.
bool holds(const TrainingAnswer& answer);

}  // namespace socle::api
