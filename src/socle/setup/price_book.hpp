#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/money.hpp"
#include "socle/catalog/cost_factor.hpp"

namespace socle::setup {

/// One line of a user's own price book.
struct BookPrice {
  catalog::CostFactor factor{};
  double value = 0;
  std::optional<Currency> currency;  ///< of an amount of money
  std::string item;                  ///< node of a node price, chip of a rent; empty = any
  std::string region;                ///< empty = anywhere
  std::string date, source;
  int line = 0;
};

/// A CSV of prices: columns `factor` (a key of [cost], such as tariff or node_price) and `value`; `unit` where the
/// factor is an amount of money or years ("CNY/kWh", "USD", "years"); `item`, `region`, `date` and `source` as far as
/// known. Throws InputError with every line that is wrong.
std::vector<BookPrice> read_price_book(std::string_view text, const std::string& source);

}  // namespace socle::setup
