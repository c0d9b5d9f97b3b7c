#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/model/transformer.hpp"

namespace socle::setup {

/// A model of the catalogue (`models/`) by slug, display name or alias. Throws InputError with "did you mean".
model::Transformer load_model(const catalog::Catalog& catalog, std::string_view name);

/// The text of its file. Throws as load_model does.
std::string model_text(const catalog::Catalog& catalog, std::string_view name);

/// The catalogue's model that a publication means by `name`: case, blanks, punctuation and what stands in brackets or
/// after a size ("SFT", "LoRA") do not count. Empty when the catalogue knows none.
std::optional<model::Transformer> find_published_model(const catalog::Catalog& catalog, std::string_view name);

}  // namespace socle::setup
