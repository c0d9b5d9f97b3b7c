#include "socle/setup/design_parts.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "socle/base/suggest.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/catalog/trust.hpp"
#include "socle/setup/one_currency.hpp"

namespace socle::setup {
namespace {

using catalog::NetworkGear;
using cost::PricedPart;

constexpr int kRadixUnstated = 64, kRadixMax = 4096;
constexpr Seconds kSwitchLatency{6e-7};    // of boxes whose latency is not public: Tomahawk 5's (assumption)
constexpr double kSecondsPerMetre = 5e-9;  // light in fibre
constexpr double kRackMetres = 3, kRowMetres = 30, kHallMetres = 300;  // what a cable must reach (assumption)

double ports_at(const NetworkGear& box, BytesPerSecond link) {
  return std::floor(box.ports.value_or(0) * (*box.port_speed / link) + 1e-9);
}

std::uint32_t radix_of(const NetworkGear& box, BytesPerSecond link) {
  return static_cast<std::uint32_t>(std::min(ports_at(box, link), static_cast<double>(kRadixMax)));
}

/// Ports of the link's speed, or ports that a whole number of such links share.
bool breaks_out(const NetworkGear& box, BytesPerSecond link) {
  const double links = *box.port_speed / link;
  return links >= 1.0 - 1e-9 && std::abs(links - std::round(links)) < 1e-9 && links <= 8.0 + 1e-9;
}

/// "51.2T" and "51.2 Tb/s": every box of that generation.
std::optional<BytesPerSecond> generation_of(const std::string& text) {
  const std::string rate = text.ends_with("T") ? text.substr(0, text.size() - 1) + " Tb/s" : text;
  const bool number = !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0;
  return number ? parse_unit_text<BytesPerSecond>(rate).value : std::nullopt;
}

/// "SN5600 (Spectrum-4) 128, MQM9700-NS2F (Quantum-2) 64": with the ports each has.
std::string box_list(const std::vector<NetworkGear>& boxes, BytesPerSecond link) {
  std::string text;
  for (const NetworkGear& box : boxes)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", box.name, radix_of(box, link));
  return text;
}

bool is_box(const NetworkGear& gear) { return gear.category == "switch_box" && gear.ports && gear.port_speed; }

[[noreturn]] void refuse_switch(const scenario::Named& name, const std::string& file, const std::string& message) {
  throw InputError(
      Problem{name.at.line > 0 ? file : std::string(), name.at.line, name.at.column, "fabric.switch", message});
}

/// A part of a name is enough where no other box has it: "MQM9700-NS2F (Quantum-2)" answers to "mqm9700" and
/// "quantum-2".
NetworkGear named_box(const std::vector<NetworkGear>& gear, const scenario::Named& name, const std::string& file) {
  const std::string wanted = plain_name(name.text), shown = printable(name.text.substr(0, 60));
  std::vector<NetworkGear> found;
  std::vector<std::string> names;
  for (const NetworkGear& box : gear) {
    if (!is_box(box)) continue;
    names.push_back(box.name);
    names.push_back(box.name.substr(0, box.name.find_first_of("- ")));
    if (plain_name(box.name) == wanted) return box;
    if (!wanted.empty() && plain_name(box.name).find(wanted) != std::string::npos) found.push_back(box);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    refuse_switch(name, file,
                  fmt::format("\"{}\" names no switch of the catalogue{}; `socle catalog network` lists them, or write "
                              "radix = 64 and its price",
                              shown, did_you_mean(name.text, names)));
  }
  std::string all;
  for (const NetworkGear& box : found) all += (all.empty() ? "" : ", ") + box.name;
  refuse_switch(
      name, file,
      fmt::format("\"{}\" names more than one switch of the catalogue: {}; write one of them in full", shown, all));
}

/// "12.8T, 25.6T, 51.2T": the generations of which there are boxes.
std::string generations_text(const std::vector<NetworkGear>& gear) {
  std::set<double> known;
  for (const NetworkGear& box : gear) {
    if (is_box(box) && box.capacity) known.insert(box.capacity->value());
  }
  std::string text;
  for (const double capacity : known) text += fmt::format("{}{:g}T", text.empty() ? "" : ", ", capacity * 8e-12);
  return text;
}

/// A generation that stands for no box here, and a number that may be meant as one.
void check_generation(const std::vector<NetworkGear>& gear, const scenario::FabricSection& keys, BytesPerSecond link,
                      const std::string& file) {
  const scenario::Named& name = keys.switch_box;
  const std::string shown = printable(name.text.substr(0, 60));
  const bool number = !name.text.empty() && name.text.find_first_not_of("0123456789.") == std::string::npos;
  const auto generation = generation_of(number ? name.text + "T" : name.text);
  if (!generation) return;
  const bool known = std::any_of(gear.begin(), gear.end(), [&](const NetworkGear& box) {
    return is_box(box) && box.capacity && *box.capacity == *generation;
  });
  if (number && (known || name.text.find('.') != std::string::npos))
    refuse_switch(name, file,
                  fmt::format("switch = {} has no unit; write {}T for the generation of Tb/s", shown, shown));
  if (number) return;
  if (!known)
    refuse_switch(name, file,
                  fmt::format("no switch of the catalogue has {}; write one of {}, or the name of a box", shown,
                              generations_text(gear)));
  if (keys.prices[0] || keys.power[0] || !keys.price_list.empty())
    refuse_switch(name, file,
                  fmt::format("{} stands for several boxes, and a price, a power or a price list is of one; name a box "
                              "(`socle catalog network` lists them), or leave those out",
                              shown));
  refuse_switch(name, file,
                fmt::format("no switch of {} has ports of {}, or ports that a whole number of such links share; write "
                            "another generation of {}, or another link",
                            shown, format_bits_per_second(link), generations_text(gear)));
}

/// The first box of the catalogue with ports of this speed and a known price and power; else of a faster one.
std::optional<NetworkGear> usual_box(const std::vector<NetworkGear>& gear, BytesPerSecond link) {
  for (const bool exact : {true, false}) {
    for (const NetworkGear& box : gear) {
      if (!is_box(box) || !box.price || !box.power) continue;
      if (!breaks_out(box, link)) continue;
      if (exact ? *box.port_speed == link : *box.port_speed > link) return box;
    }
  }
  return std::nullopt;
}

PricedPart part_of(const NetworkGear& gear) {
  const bool doubtful = catalog::doubtful(gear.provenance, {"price", "price band"});
  const bool recalled = gear.provenance.checked.find("recall") != std::string::npos ||
                        gear.price_source.find("recall") != std::string::npos;
  return {.name = gear.name,
          .price = gear.price,
          .power = gear.power,
          .date = gear.price_date,
          .confidence = doubtful ? (gear.provenance.confidence != "estimate" && recalled ? "recall" : "estimate")
                                 : gear.provenance.confidence,
          .source = gear.price_source.empty() ? gear.provenance.source : gear.price_source};
}

/// A part at another speed, in proportion; what is not sold at the wanted speed is an estimate.
PricedPart at_speed(PricedPart part, double ratio) {
  if (ratio == 1.0) return part;
  part.name += fmt::format(" x {}", format_number(ratio));
  if (part.price) part.price = *part.price * ratio;
  if (part.power) part.power = *part.power * ratio;
  part.confidence = "estimate";
  return part;
}

/// The first gear of a kind at this speed, else the first at the nearest speed, scaled.
template <typename Fits>
PricedPart first_part(const std::vector<NetworkGear>& gear, BytesPerSecond link, const char* what, Fits fits) {
  const NetworkGear* nearest = nullptr;
  const auto distance = [&](const NetworkGear& one) { return std::abs(std::log(*one.port_speed / link)); };
  for (const NetworkGear& one : gear) {
    if (!one.price || !one.port_speed || !fits(one)) continue;
    if (!nearest || distance(one) < distance(*nearest)) nearest = &one;
  }
  if (nearest) return at_speed(part_of(*nearest), link / *nearest->port_speed);
  return {
      .name = what, .price = {}, .power = {}, .date = {}, .confidence = "unknown", .source = "not in the catalogue"};
}

PricedPart hall_link(const std::vector<NetworkGear>& gear, BytesPerSecond link) {
  PricedPart module = first_part(gear, link, "optical module", [](const NetworkGear& g) {
    return g.category == "optic" && g.reach_m.value_or(0) >= kHallMetres;
  });
  PricedPart part = module;
  part.name = fmt::format("2 x {} and fibre", module.name);
  if (part.price) part.price = *part.price * 2.0;
  if (part.power) part.power = *part.power * 2.0;
  for (const NetworkGear& fibre : gear) {
    if (fibre.category != "cable" || fibre.port_speed || !fibre.price || !part.price) continue;
    part.price = *part.price + *fibre.price;
    break;
  }
  return part;
}

PricedPart listed_part(const catalog::Catalog& catalog, const std::string& list, const char* item, PricedPart part) {
  for (const catalog::Price& price : catalog.prices()) {
    if (price.category != "network" || price.provider != list || price.item != item || !price.value) continue;
    const bool cny = price.unit.starts_with("cny/");
    if (!cny && !price.unit.starts_with("usd/")) continue;
    part.price = Money{*price.value, cny ? Currency::kCny : Currency::kUsd};
    part.name = fmt::format("{} of the list {}", item, list);
    part.date = price.date;
    part.confidence = price.provenance.confidence;
    part.source = price.provenance.source;
  }
  return part;
}

void take_list(const catalog::Catalog& catalog, const scenario::Named& list, const std::string& file,
               BytesPerSecond link, FabricParts& parts) {
  std::vector<std::string> known;
  for (const catalog::Price& price : catalog.prices()) {
    if (price.category == "network" && (known.empty() || known.back() != price.provider))
      known.push_back(price.provider);
  }
  const auto refuse = [&](std::string message) {
    throw InputError(Problem{list.at.line > 0 ? file : std::string(), list.at.line, list.at.column,
                             "fabric.prices.list", std::move(message)});
  };
  if (std::find(known.begin(), known.end(), list.text) == known.end()) {
    refuse(fmt::format("\"{}\" is no price list of the catalogue; write one of {}{}", list.text.substr(0, 60),
                       fmt::join(known, ", "), did_you_mean(list.text, known)));
  }
  // Lists say what they are of: "64 ports of 400 Gb/s".
  const BytesPerSecond listed{50e9};
  if (link != listed || parts.radix != 64) {
    refuse(
        fmt::format("the list {} is of switches of 64 ports at 400 Gb/s, not of {} at {}; leave the list out, or give "
                    "prices one by one",
                    list.text, parts.radix, format_bits_per_second(link)));
  }
  parts.prices.switch_box = listed_part(catalog, list.text, "switch", parts.prices.switch_box);
  parts.prices.cable[0] = listed_part(catalog, list.text, "rack cable", parts.prices.cable[0]);
  parts.prices.cable[1] = listed_part(catalog, list.text, "row cable", parts.prices.cable[1]);
  parts.prices.cable[2] = listed_part(catalog, list.text, "hall cable", parts.prices.cable[2]);
  parts.one_endpoint_price = true;
}

void lay_over(const scenario::FabricSection& keys, cost::FabricPrices& prices) {
  PricedPart* const parts[scenario::kFabricParts] = {&prices.switch_box, &prices.cable[0], &prices.cable[1],
                                                     &prices.cable[2], &prices.nic};
  for (std::size_t i = 0; i < scenario::kFabricParts; ++i) {
    if (keys.power[i]) parts[i]->power = keys.power[i];
    if (!keys.prices[i]) continue;
    parts[i]->price = keys.prices[i];
    parts[i]->confidence = "given";
    parts[i]->date = keys.price_date;
    parts[i]->source = keys.price_source.empty() ? "the user" : keys.price_source;
  }
}

void unify(const catalog::Catalog& catalog, const scenario::Scenario& scenario, FabricParts& parts) {
  std::optional<Currency> target;
  if (scenario.limits.network_capex) target = scenario.limits.network_capex->currency;
  for (const auto& price : scenario.fabric.prices) {
    if (price && !target) target = price->currency;
  }
  OneCurrency one(catalog, target.value_or(Currency::kUsd));
  one.turn(parts.prices.switch_box.price);
  for (search::SwitchBox& box : parts.boxes) one.turn(box.part.price);
  for (PricedPart& cable : parts.prices.cable) one.turn(cable.price);
  one.turn(parts.prices.nic.price);
  if (one.assumption()) parts.assumptions.push_back(*one.assumption());
}

/// What one hop through a box takes, and how that is known.
Seconds hop_of(const scenario::FabricSection& keys, const std::optional<Seconds>& crossing) {
  return keys.hop_latency.value_or(crossing.value_or(kSwitchLatency) + Seconds{kSecondsPerMetre * kRowMetres});
}

/// One switch: a box of the catalogue, or what the user says of it.
void take_one(const std::optional<NetworkGear>& box, const scenario::FabricSection& keys, BytesPerSecond link,
              FabricParts& parts) {
  if (box) {
    parts.radix = radix_of(*box, link);
    parts.prices.switch_box = part_of(*box);
    if (*box->port_speed != link) {
      parts.assumptions.push_back(fmt::format("Ports of {} ({} x {}) are broken out or joined into {} of {}.",
                                              box->name, *box->ports, format_bits_per_second(*box->port_speed),
                                              parts.radix, format_bits_per_second(link)));
    }
    if (keys.switch_box.empty())
      parts.assumptions.push_back(fmt::format(
          "The switch is not stated: {}, the first of the catalogue with ports of this speed, a price and a power.",
          box->name));
  } else {
    parts.radix = static_cast<std::uint32_t>(keys.radix.value_or(kRadixUnstated));
    parts.prices.switch_box = {.name = fmt::format("switch of {} ports", parts.radix),
                               .price = {},
                               .power = {},
                               .date = {},
                               .confidence = "unknown",
                               .source = "not stated"};
    if (!keys.radix)
      parts.assumptions.push_back(fmt::format("The catalogue has no switch for {}: {} ports are assumed.",
                                              format_bits_per_second(link), kRadixUnstated));
  }
  const std::optional<Seconds> crossing = box ? box->latency : std::nullopt;
  parts.hop_latency = hop_of(keys, crossing);
  if (!keys.hop_latency) {
    parts.assumptions.push_back(fmt::format("One hop takes {}: {} in the switch ({}) and {:g} m of fibre.",
                                            format_seconds(parts.hop_latency),
                                            format_seconds(crossing.value_or(kSwitchLatency)),
                                            crossing ? "catalogue" : "assumed, no public figure", kRowMetres));
  }
}

void take_several(const std::vector<NetworkGear>& boxes, const scenario::FabricSection& keys, BytesPerSecond link,
                  FabricParts& parts) {
  for (const NetworkGear& box : boxes)
    parts.boxes.push_back({part_of(box), radix_of(box, link), hop_of(keys, box.latency)});
  parts.radix = parts.boxes.front().radix;
  parts.hop_latency = parts.boxes.front().hop_latency;
  parts.prices.switch_box = parts.boxes.front().part;
  parts.assumptions.push_back(fmt::format(
      "Each fabric is built of the box that makes it cheapest, of {} in the catalogue with ports of {} or faster ones "
      "broken out (switch = \"NAME\" in [fabric] fixes one): {}.",
      boxes.size(), format_bits_per_second(link), box_list(boxes, link)));
  if (keys.hop_latency) return;
  parts.assumptions.push_back(
      fmt::format("One hop takes the box's latency ({} where no figure is public) and {:g} m of fibre.",
                  format_seconds(kSwitchLatency), kRowMetres));
}

/// Boxes to choose among; empty when the scenario says itself what a switch is.
std::vector<NetworkGear> boxes_of(const std::vector<NetworkGear>& gear, const scenario::FabricSection& keys,
                                  BytesPerSecond link) {
  const bool own = keys.prices[0] || keys.power[0] || !keys.price_list.empty();
  const std::optional<BytesPerSecond> generation = generation_of(keys.switch_box.text);
  if (own || (!keys.switch_box.empty() && !generation)) return {};
  std::vector<NetworkGear> boxes;
  for (const NetworkGear& box : gear) {
    if (!is_box(box) || !breaks_out(box, link) || radix_of(box, link) < 2) continue;
    if (keys.radix && radix_of(box, link) != *keys.radix) continue;
    if (generation && !(box.capacity && *box.capacity == *generation)) continue;
    boxes.push_back(box);
  }
  return boxes;
}

}  // namespace

FabricParts fabric_parts(const catalog::Catalog& catalog, const scenario::Scenario& scenario, BytesPerSecond link) {
  const scenario::FabricSection& keys = scenario.fabric;
  const std::vector<NetworkGear> gear = catalog.gear();
  FabricParts parts;
  if (const std::vector<NetworkGear> boxes = boxes_of(gear, keys, link); !boxes.empty()) {
    take_several(boxes, keys, link, parts);
  } else {
    std::optional<NetworkGear> box;
    check_generation(gear, keys, link, scenario.source);
    if (!keys.switch_box.empty())
      box = named_box(gear, keys.switch_box, scenario.source);
    else if (!keys.radix)
      box = usual_box(gear, link);
    take_one(box, keys, link, parts);
  }
  const auto copper = [](const NetworkGear& g) {
    return g.category == "cable" && g.reach_m.value_or(0) >= kRackMetres && g.power.value_or(Watts{}) < Watts{1.0};
  };
  const auto active = [](const NetworkGear& g) { return g.category == "cable" && g.reach_m.value_or(0) >= kRowMetres; };
  parts.prices.cable = {first_part(gear, link, "rack cable", copper), first_part(gear, link, "row cable", active),
                        hall_link(gear, link)};
  parts.prices.nic = first_part(gear, link, "NIC",
                                [](const NetworkGear& g) { return g.category == "nic" && g.ports.value_or(0) == 1; });
  if (!keys.price_list.empty()) take_list(catalog, keys.price_list, scenario.source, link, parts);
  lay_over(keys, parts.prices);
  unify(catalog, scenario, parts);
  return parts;
}

}  // namespace socle::setup
