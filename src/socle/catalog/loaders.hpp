#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/base/column_facts.hpp"
#include "socle/catalog/chip.hpp"
#include "socle/catalog/export_rule.hpp"
#include "socle/catalog/network_gear.hpp"
#include "socle/catalog/node.hpp"
#include "socle/catalog/price.hpp"

namespace socle::catalog {

/// Readers of the catalogue's TOML files. Each throws InputError with every problem of the text.
Chip load_chip(std::string_view text, const std::string& source_name, const std::string& slug);
Node load_node(std::string_view text, const std::string& source_name, const std::string& slug);
std::vector<NetworkGear> load_gear(std::string_view text, const std::string& source_name);
/// Keys of a [[price]]; a price list also says its `category` once.
const std::vector<ColumnFacts>& price_keys();

std::vector<Price> load_prices(std::string_view text, const std::string& source_name);
std::vector<ExportRule> load_export_rules(std::string_view text, const std::string& source_name);
std::vector<ExportRecord> load_export_records(std::string_view text, const std::string& source_name);

/// The names that a chip, node or model answers to besides its slug: display name first, then aliases.
std::vector<std::string> load_names(std::string_view text, const std::string& source_name);

}  // namespace socle::catalog
