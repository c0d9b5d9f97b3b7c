#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/catalog/region.hpp"
#include "socle/setup/cost_factors.hpp"

namespace socle::setup {

/// What quoted prices of the catalogue and published constants say of each factor, for one region and chip. What nobody
/// says is empty; what is assumed says so.
class QuotedPrices {
 public:
  QuotedPrices(const catalog::Catalog& catalog, const catalog::Region& region, std::string chip, std::string node,
               Watts rated_per_node);

  std::optional<FactorSource> of(cost::CostFactor factor) const;
  static std::optional<FactorSource> exchange(const catalog::Catalog& catalog);
  /// Quotes that hold for the factor but are in a currency that no rate turns, such as EUR/kWh.
  const std::vector<std::string>& unusable() const { return unusable_; }

 private:
  void quote(cost::CostFactor factor, const char* category, const std::vector<std::string>& regions);
  void quote_rents();
  void quote_power(Watts rated_per_node, const std::string& node);
  void assume();

  const catalog::Catalog& catalog_;
  const catalog::Region& region_;
  std::string chip_;
  std::vector<catalog::Price> prices_;
  cost::PerFactor<std::optional<FactorSource>> quoted_;
  std::vector<std::string> unusable_;
};

/// A single figure with the range that its confidence gives it (assumption): as given or on a datasheet, none;
/// reported, 15 %; remembered or estimated, 30 %.
cost::Uncertain by_confidence(double value, const std::string& confidence);

}  // namespace socle::setup
