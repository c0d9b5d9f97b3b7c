#pragma once

#include <string>
#include <string_view>

#include "socle/model/transformer.hpp"

namespace socle::model {

/// Reads one model file (TOML; docs/reference/models.md shows the form). Throws InputError with every problem, each
/// with line and column: unknown or missing keys, wrong types, figures out of range, shapes that contradict themselves.
Transformer parse_model(std::string_view toml, const std::string& source_name);

/// The model as a model file: `parse_model` reads it back to the same shape. Requires: a valid shape.
std::string write_model(const Transformer& model);

/// A name for each kind of layer, as model files have them: "mla_moe", "window_dense2".
std::vector<std::string> kind_names(const Transformer& model);

}  // namespace socle::model
