#pragma once

#include <string>
#include <vector>

#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"
#include "socle/search/fabric_design.hpp"

namespace socle::report {

/// Fabrics for one set of hosts, with what was asked and assumed.
struct FabricDesignReport {
  std::string title;                       ///< hosts, NICs, speed
  std::string job;                         ///< what the steps are of; empty = no job was given
  search::FabricQuestion question;
  std::vector<search::FabricCandidate> candidates;
  std::vector<std::string> assumptions;
  std::vector<std::string> doubts;
};

/// Sentences on every price and power that rests on recall, estimate or nothing, and on undated prices.
std::vector<std::string> price_doubts(const cost::FabricPrices& prices);

/// Tables of at most 100 columns: what each fabric is built of, what it gives, what failures cost on the front, prices.
std::string fabric_design_text(const FabricDesignReport& report);
Json fabric_design_json(const FabricDesignReport& report, const std::vector<InputText>& inputs);

}  // namespace socle::report
