#pragma once

#include <optional>
#include <string>

#include "socle/base/quantity.hpp"
#include "socle/catalog/provenance.hpp"

namespace socle::catalog {

/// One rule, letter or reported instruction on the trade in accelerators, as text with dates. No legal advice.
struct ExportRule {
  std::string id;
  std::string effective;  ///< "2023-11-17"
  std::string ends;       ///< empty = still in force when last checked
  std::string instrument;
  std::string scope;
  std::string test;
  std::string threshold;
  std::string effect;  ///< for a buyer in China
  Provenance provenance;
};

/// The tests applied to one chip by hand, kept to check `export_class` and for what no formula gives.
struct ExportRecord {
  std::string chip;  ///< slug
  std::optional<double> tpp;
  std::string tpp_format;
  std::optional<double> performance_density;
  std::string rule_2022_10, rule_2023_11, letter_2025_04, rule_2026_01, tariff_2026_01;
  std::string prc_chip_guidance;
  std::string status_2026_06;
  std::string confidence;
};

}  // namespace socle::catalog
