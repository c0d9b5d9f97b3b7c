#pragma once

#include <string>

#include "socle/migrate/serving/checkpoint.hpp"

namespace socle::api {

/// A folder with a config.json.
bool is_model_folder(const std::string& path);

/// Reads config.json, the index and the head of each file of weights of a folder; links inside it are followed, folders
/// are not. Throws InputError.
migrate::Checkpoint read_model_folder(const std::string& path);

}  // namespace socle::api
