#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "socle/base/money.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::setup {

/// The middle of the rents that the catalogue quotes for a chip, of a chip and hour.
struct RentQuote {
  Money rent;
  std::string text;  ///< "median of 9 quotes, 2025-06 to 2026-03"
};

/// Of the currency with the most quotes, USD before CNY; empty: none is quoted. Terms of use differ: on demand,
/// reserved and spot are all in it.
std::optional<RentQuote> rent_quote(const catalog::Catalog& catalog, std::string_view chip);

/// "2 USD", "14 CNY/chip-hour". Throws InputError.
Money parse_rent(const std::string& text);

}  // namespace socle::setup
