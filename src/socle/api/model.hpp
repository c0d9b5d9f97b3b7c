#pragma once

#include <string>

#include "socle/answer/model/model_show.hpp"

namespace socle::api {

using answer::ModelQuestion;
using answer::ModelShown;

/// A model of the catalogue or of a file, as it was understood. Throws InputError.
ModelShown show_model(const catalog::Catalog& catalog, const ModelQuestion& question);

std::string text(const ModelShown& shown);
std::string json(const ModelShown& shown, const ModelQuestion& question);

}  // namespace socle::api
