#include "socle/report/fabric/design_parts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::report {
namespace {

using cost::PricedPart;
using search::FabricCandidate;

/// Of each box that fabrics are built of the first that is, in the order in which the fabrics meet them.
std::vector<const FabricCandidate*> boxes_of(const answer::DesignResult& result) {
  std::vector<const FabricCandidate*> first;
  for (const FabricCandidate* c : buildable(result)) {
    const bool known = std::any_of(first.begin(), first.end(), [&](const FabricCandidate* other) {
      return other->box.name == c->box.name && other->spec.radix == c->spec.radix;
    });
    if (!known && c->spec.topology != "torus") first.push_back(c);
  }
  return first;
}

}  // namespace

std::vector<const FabricCandidate*> buildable(const answer::DesignResult& result) {
  std::vector<const FabricCandidate*> list;
  for (const FabricCandidate& candidate : result.candidates) {
    if (candidate.infeasible.empty()) list.push_back(&candidate);
  }
  return list;
}

bool several_boxes(const answer::DesignResult& result) { return boxes_of(result).size() > 1; }

std::string box_letter(const answer::DesignResult& result, const FabricCandidate& candidate) {
  const auto boxes = boxes_of(result);
  for (std::size_t i = 0; i < boxes.size() && candidate.spec.topology != "torus"; ++i) {
    if (boxes[i]->box.name == candidate.box.name && boxes[i]->spec.radix == candidate.spec.radix)
      return std::string(1, static_cast<char>('A' + i));
  }
  return "-";
}

std::string boxes_text(const answer::DesignResult& result) {
  std::string text;
  const auto boxes = boxes_of(result);
  for (const FabricCandidate* c : boxes) {
    const std::string what = boxes.size() == 1 ? "Built of " : fmt::format("box {} = ", box_letter(result, *c));
    text += wrap_text(fmt::format("{}{}, {} ports of {}: {}, {}", what, c->box.name, c->spec.radix,
                                  format_bits_per_second(result.question.link),
                                  c->box.price ? format_money(*c->box.price) : "price unknown",
                                  c->box.power ? format_watts(*c->box.power) : "power unknown"),
                      100, 0);
  }
  return text;
}

std::vector<RolePart> parts_of(const answer::DesignResult& result) {
  const cost::FabricPrices& prices = result.question.prices;
  std::vector<RolePart> parts;
  for (const FabricCandidate* c : boxes_of(result))
    parts.push_back({several_boxes(result) ? "switch " + box_letter(result, *c) : "switch", &c->box});
  if (parts.empty()) parts.push_back({"switch", &prices.switch_box});
  constexpr const char* kCables[cost::kReaches] = {"rack cable", "row cable", "hall cable"};
  for (std::size_t i = 0; i < cost::kReaches; ++i) parts.push_back({kCables[i], &prices.cable[i]});
  parts.push_back({"NIC", &prices.nic});
  return parts;
}

std::string price_table(const answer::DesignResult& result) {
  TextTable table(
      {{"part"}, {"what"}, {"price", Align::kRight}, {"power", Align::kRight}, {"date"}, {"confidence"}, {"source"}});
  for (const auto& [role, part] : parts_of(result)) {
    const PricedPart& p = *part;
    // A switch and a cable are not compared: each has its own unit.
    table.add_row({role, p.name, p.price ? format_money(*p.price) : "unknown",
                   p.power ? format_watts(*p.power) : "unknown", p.date.empty() ? "undated" : p.date, p.confidence,
                   p.source});
  }
  return table.str();
}

std::vector<std::string> price_doubts(const answer::DesignResult& result) {
  std::vector<std::string> doubts;
  for (const auto& [role, part] : parts_of(result)) {
    const PricedPart& p = *part;
    const bool undated = p.price && p.date.empty();
    const bool weak = p.confidence == "recall" || p.confidence == "estimate" || p.confidence == "unknown";
    if (!undated && !weak) continue;
    doubts.push_back(fmt::format("{} ({}): {}, {}{}; source: {}.", role, p.name,
                                 p.price ? format_money(*p.price) : "no price", p.confidence,
                                 undated ? ", undated" : "", p.source));
  }
  return doubts;
}

}  // namespace socle::report
