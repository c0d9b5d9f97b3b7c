#pragma once

#include <string>
#include <vector>

#include "socle/answer/fabric/design.hpp"

namespace socle::report {

/// A part by what it is used as.
struct RolePart {
  std::string role;
  const cost::PricedPart* part;
};

/// Fabrics that can be built.
std::vector<const search::FabricCandidate*> buildable(const answer::DesignResult& result);

/// Fabrics are built of more than one box.
bool several_boxes(const answer::DesignResult& result);

/// "A": which box a fabric is built of; "-" where its switches are parts of the accelerators.
std::string box_letter(const answer::DesignResult& result, const search::FabricCandidate& candidate);

/// One line a box: its ports, price and power.
std::string boxes_text(const answer::DesignResult& result);

/// Every box that is used, the cables and the NIC.
std::vector<RolePart> parts_of(const answer::DesignResult& result);

std::string price_table(const answer::DesignResult& result);

/// Parts that rest on recall or estimate, or are undated; a sentence each.
std::vector<std::string> price_doubts(const answer::DesignResult& result);

}  // namespace socle::report
