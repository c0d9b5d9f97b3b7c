#include "socle/model/recipe_names.hpp"

#include <algorithm>

namespace socle::model {

const std::vector<std::string>& recipe_names() {
  static const std::vector<std::string> names{"fp32", "bf16", "fp16", "fp8", "fp8-block", "mxfp8", "nvfp4", "int8"};
  return names;
}

std::optional<Recipe> recipe_of_name(std::string_view name) {
  const auto found = std::find(recipe_names().begin(), recipe_names().end(), name);
  if (found == recipe_names().end()) return std::nullopt;
  return static_cast<Recipe>(found - recipe_names().begin());
}

const std::string& name_of_recipe(Recipe recipe) { return recipe_names()[static_cast<std::size_t>(recipe)]; }

}  // namespace socle::model
