#pragma once

#include <optional>
#include <string_view>

#include "socle/model/precision.hpp"

namespace socle::api {

/// The training recipe of a name: bf16, fp16, fp8, fp8-block, mxfp8, nvfp4, int8, fp32. Empty for anything else.
std::optional<model::Recipe> recipe_of_name(std::string_view name);
std::string_view name_of_recipe(model::Recipe recipe);

}  // namespace socle::api
