#pragma once

#include <string>
#include <string_view>

#include "socle/catalog/catalog.hpp"

namespace socle::api {

/// The built-in catalogue with the TOML files below a directory laid over it; an empty path adds nothing.
/// Throws InputError when the directory cannot be read.
catalog::Catalog load_catalog(const std::string& overlay_directory);

/// What the catalogue holds of one section: "chips", "nodes", "network", "prices", "models" or "" for a summary of all.
/// A table of at most 100 columns, or one JSON document. Doubtful figures carry a "~" in the table and are named in the
/// JSON. Throws InputError for an unknown section.
std::string catalog_list(const catalog::Catalog& catalog, std::string_view section, bool json);

/// Everything known of one entry, with its sources. An empty section looks among chips, nodes and models in turn.
std::string catalog_show(const catalog::Catalog& catalog, std::string_view section, std::string_view name, bool json);

}  // namespace socle::api
