#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/catalog/region.hpp"
#include "socle/cost/holding.hpp"
#include "socle/cost/token_money.hpp"
#include "socle/cost/yearly_cost.hpp"
#include "socle/scenario/scenario.hpp"
#include "socle/setup/price_book.hpp"

namespace socle::setup {

/// What is to be paid for: nodes of the catalogue, or chips in nodes that hold them.
struct CostSubject {
  std::string cluster;  ///< "1024 x HGX H20 8x 96GB"
  std::string chip;     ///< slug
  std::string node;     ///< slug; empty: no node of the catalogue holds such chips
  cost::Plant plant;
  bool chips_power_only = false;    ///< the rating is the chips' own: hosts are not in it
  std::optional<Money> node_price;  ///< as given, or of the catalogue
  bool price_given = false;
  std::string price_source, price_confidence;
  std::optional<Money> rent_per_chip_hour;  ///< as given
};

/// The question of `socle cost` with every name looked up and every factor filled in, one currency throughout.
struct CostSetup {
  CostSubject subject;
  catalog::Region region;
  Currency currency = Currency::kUsd;
  cost::Factors factors;
  double years = 0;                        ///< of cash flows
  std::vector<cost::DemandCase> demand{};  ///< of chips; empty: it is sure
  std::optional<double> hold_budget{};     ///< of a year of what is held
  cost::TokenPrices token_prices{};        ///< of a million tokens that are sold
  std::vector<std::string> assumptions;
  std::vector<std::string> doubts;
};

/// Machines of one cluster section, with the node that bare chips would stand in. Throws InputError for unknown names
/// and counts that do not divide.
CostSubject cost_subject(const catalog::Catalog& catalog, const scenario::ClusterSection& cluster);

/// Resolves region, currency, prices and rates of a scenario and its price book. Throws InputError: no cluster, unknown
/// names, two statements of one thing, no exchange rate where one is needed.
CostSetup set_up_cost(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                      const std::vector<BookPrice>& book);

/// The same for machines that are known already.
CostSetup set_up_cost(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                      const std::vector<BookPrice>& book, CostSubject subject);

}  // namespace socle::setup
