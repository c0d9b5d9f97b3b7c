#pragma once

#include <string>

#include "socle/answer/catalog/catalog.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// A table of at most 100 columns, the page of one entry, or its file. Doubtful figures carry a "~".
std::string catalog_text(const answer::CatalogResult& result);
/// Schema `socle.catalog/1`; doubtful figures are named.
Json catalog_json(const answer::CatalogResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
