#pragma once

#include <optional>
#include <string>

#include "socle/catalog/provenance.hpp"

namespace socle::catalog {

/// One quoted figure around money: rent, electricity, PUE, colocation, depreciation, exchange rate.
struct Price {
  std::string category;  ///< "rental", "electricity", "pue", "colocation", "depreciation", "fx", ...
  std::string item;
  std::string chip;  ///< slug of the chip that is rented; empty for anything else
  std::string provider;
  std::string region;
  std::string term;
  std::optional<double> value;  ///< in `unit`; empty when the source gives words
  std::string text;             ///< those words, e.g. "+30-40%"
  std::string unit;             ///< e.g. "usd/chip-hour", "cny/kWh", "ratio"
  std::string date;             ///< as precise as the source: "2026", "2026-03" or "2026-03-17"
  Provenance provenance;
};

}  // namespace socle::catalog
