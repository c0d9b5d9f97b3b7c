#include "socle/api/recipe_names.hpp"

#include <array>
#include <utility>

namespace socle::api {
namespace {

constexpr std::array<std::pair<std::string_view, model::Recipe>, 8> kNames{{{"bf16", model::Recipe::kBf16},
                                                                             {"fp16", model::Recipe::kFp16},
                                                                             {"fp8", model::Recipe::kFp8},
                                                                             {"fp8-block", model::Recipe::kFp8Block},
                                                                             {"mxfp8", model::Recipe::kMxFp8},
                                                                             {"nvfp4", model::Recipe::kNvFp4},
                                                                             {"int8", model::Recipe::kInt8},
                                                                             {"fp32", model::Recipe::kFp32}}};

}  // namespace

std::optional<model::Recipe> recipe_of_name(std::string_view name) {
  for (const auto& [text, recipe] : kNames) {
    if (text == name) return recipe;
  }
  return std::nullopt;
}

std::string_view name_of_recipe(model::Recipe recipe) {
  for (const auto& [text, known] : kNames) {
    if (known == recipe) return text;
  }
  return "";
}

}  // namespace socle::api
