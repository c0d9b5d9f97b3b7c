#pragma once

#include <optional>

#include "socle/base/csv.hpp"
#include "socle/catalog/catalog.hpp"
#include "socle/model/transformer.hpp"

namespace socle::answer {

/// The model that a row names: the catalogue's when it knows the name (with the row's layer count for cut-down
/// "N-layer proxy" runs and the row's vocabulary), else a plain transformer from the row's shape columns, with gating,
/// tying and positions chosen to meet the stated parameter count. Empty when neither is possible.
std::optional<model::Transformer> case_model(const catalog::Catalog& catalog, const CsvTable& table, std::size_t row);

}  // namespace socle::answer
