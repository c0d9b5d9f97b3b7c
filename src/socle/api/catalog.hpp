#pragma once

#include <string>

#include "socle/answer/catalog/catalog.hpp"

namespace socle::api {

using answer::catalog_list;
using answer::catalog_search;
using answer::catalog_sections;
using answer::catalog_show;

/// The built-in catalogue with the TOML files below a directory laid over it; an empty path adds nothing.
/// Throws InputError when the directory cannot be read.
catalog::Catalog load_catalog(const std::string& overlay_directory = {});

std::string text(const answer::CatalogResult& result);
/// `catalog` = what was asked, for provenance.
std::string json(const answer::CatalogResult& result, const catalog::Catalog& catalog);

}  // namespace socle::api
