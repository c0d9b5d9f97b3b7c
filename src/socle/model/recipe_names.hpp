#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/model/precision.hpp"

namespace socle::model {

/// Names of training recipes, in the order of model::Recipe.
const std::vector<std::string>& recipe_names();

/// The recipe of a name; empty for anything else.
std::optional<Recipe> recipe_of_name(std::string_view name);
const std::string& name_of_recipe(Recipe recipe);

}  // namespace socle::model
