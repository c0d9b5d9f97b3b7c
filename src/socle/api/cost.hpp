#pragma once

#include <optional>
#include <string>

#include "socle/answer/cost/cost.hpp"
#include "socle/api/request.hpp"
#include "socle/base/progress.hpp"

namespace socle::api {

/// What `socle cost` asks beside the scenario.
struct CostRequest {
  std::string book_text{}, book_name{};  ///< a price book; an empty name: none
  std::string draws{};                   ///< "10000"; empty: the default
  std::string way{};    ///< whose factors and pictures are shown: "build", "colocate", ...; empty: the cheapest
  std::string start{};  ///< first month of charges, "2027-01"; empty: that
};

using CostAnswer = Answer<answer::CostResult>;

/// What `socle cost` asks: a year of the scenario's machines, built, colocated and rented, and what a training run or a
/// served load costs when the scenario has one. Throws InputError for bad input, and Cancelled.
CostAnswer cost(const catalog::Catalog& catalog, const Request& request, const CostRequest& wanted,
                Progress* progress = nullptr);

std::string text(const CostAnswer& answer);
std::string json(const CostAnswer& answer);
/// Some way's cost is known.
bool holds(const CostAnswer& answer);
/// Pictures: a year's money from line to line; cash over the quarters; what moves the cost of a useful chip-hour.
std::string waterfall_svg(const CostAnswer& answer);
std::string cash_flow_svg(const CostAnswer& answer);
std::string tornado_svg(const CostAnswer& answer);
/// Charges by month and line, under the column names of FOCUS 1.0.
std::string focus_csv(const CostAnswer& answer, const CostRequest& wanted);

/// What `socle cost diff` asks beside two scenarios.
struct CostDiffRequest {
  std::string allow{};  ///< growth of a year's bill that is allowed: "5 %" or "2M CNY"; empty: any
};

using CostDiffAnswer = Answer<answer::CostDiffResult>;

CostDiffAnswer cost_diff(const catalog::Catalog& catalog, const Request& before, const Request& after,
                         const CostRequest& wanted, const CostDiffRequest& asked, Progress* progress = nullptr);

std::string text(const CostDiffAnswer& answer);
std::string json(const CostDiffAnswer& answer);
bool holds(const CostDiffAnswer& answer);

}  // namespace socle::api
