#include "socle/report/fabric/design_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_scale.hpp"
#include "socle/report/fabric/design_parts.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using cost::PricedPart;
using search::FabricCandidate;

std::string switch_text(const net::FabricParts& parts) {
  std::string text;
  for (const net::SwitchCount& kind : parts.switches) text += (text.empty() ? "" : "+") + format_whole(kind.count);
  return text;
}

/// "0.024 %": three digits, because single cables of large fabrics are small shares.
std::string share_text(double share, int digits = 3) { return format_number(100.0 * share, digits) + " %"; }
bool has_figures(const FabricCandidate& candidate) { return candidate.bill.price && candidate.bill.power; }
std::string marked(const FabricCandidate& candidate) {
  return (!candidate.on_front ? " " : has_figures(candidate) ? "*" : "?") + candidate.name;
}

std::string built_table(const answer::DesignResult& result) {
  TextTable table({{"built of"},
                   {"switches", Align::kRight},
                   {"rack", Align::kRight},
                   {"row", Align::kRight},
                   {"hall", Align::kRight},
                   {"optics", Align::kRight},
                   {"free", Align::kRight},
                   {"room", Align::kRight},
                   {"hops", Align::kRight},
                   {"latency", Align::kRight}});
  const auto candidates = buildable(result);
  const auto latency = column_unit(candidates, &FabricCandidate::latency);
  for (const FabricCandidate* c : candidates) {
    table.add_row({marked(*c), switch_text(c->parts), format_whole(c->bill.cables[0]), format_whole(c->bill.cables[1]),
                   format_whole(c->bill.cables[2]), format_whole(c->bill.modules), format_whole(c->free_ports),
                   format_whole(c->parts.endpoints_max), std::to_string(c->parts.hops_max), latency.text(c->latency)});
  }
  return table.str();
}

std::string given_table(const answer::DesignResult& result) {
  const auto candidates = buildable(result);
  const auto price = column_unit(candidates, [](const FabricCandidate* c) { return c->bill.price; });
  const auto power = column_unit(candidates, [](const FabricCandidate* c) { return c->bill.power; });
  const auto step = column_unit(candidates, &FabricCandidate::step);
  const auto packed = column_unit(candidates, &FabricCandidate::packed_step);
  std::string_view currency = currency_name(Currency::kUsd);
  for (const FabricCandidate* c : candidates) {
    if (c->bill.price) currency = currency_name(c->bill.price->currency);
  }
  std::vector<TextColumn> columns{{"gives"},
                                  {"box"},
                                  {"price", Align::kRight},
                                  {fmt::format("{}/NIC", currency), Align::kRight},
                                  {"power", Align::kRight},
                                  {"W/NIC", Align::kRight},
                                  {"bisect", Align::kRight},
                                  {"survive", Align::kRight}};
  if (result.job) {
    columns.push_back({"step", Align::kRight});
    columns.push_back({"packed", Align::kRight});
  }
  const bool one_box = !several_boxes(result);  // then a line below says which
  if (one_box) columns.erase(columns.begin() + 1);
  TextTable table(columns);
  for (const FabricCandidate* c : candidates) {
    const double nics = static_cast<double>(c->parts.endpoints);
    std::vector<std::string> row{marked(*c),
                                 box_letter(result, *c),
                                 price.text(c->bill.price, "unknown"),
                                 c->bill.price ? format_number(c->bill.price->amount / nics) : "-",
                                 power.text(c->bill.power, "unknown"),
                                 c->bill.power ? format_number(c->bill.power->value() / nics) : "-",
                                 format_percent(c->parts.bisection),
                                 c->survives ? share_text(*c->survives, 4) : "unknown"};
    if (result.job) {
      row.push_back(step.text(c->step, "none"));
      row.push_back(packed.text(c->packed_step, "-"));
    }
    if (one_box) row.erase(row.begin() + 1);
    table.add_row(row);
  }
  return table.str();
}

constexpr const char* kLegend =
    "* = on the Pareto front of money, power, step time (when a job is given) and survivability, within the limits; ? "
    "= its price or power is unknown and nothing "
    "beats what is known of it for certain. "
    "Cables by reach: rack (copper), row (active optical), "
    "hall (two modules each, \"optics\" at NIC speed). free = unused switch ports; room = endpoints that the same "
    "tiers of these switches hold; latency = longest minimal way, "
    "without NIC and software; bisect = share of all NICs' bandwidth between two halves; survive = worst case of one "
    "part failing: hosts still connected x bandwidth left.";

/// Who is best at what, among those on the front.
std::string verdict(const answer::DesignResult& result) {
  const FabricCandidate *cheapest = nullptr, *fastest = nullptr, *safest = nullptr;
  int unpriced = 0;
  for (const FabricCandidate& c : result.candidates) {
    if (!c.on_front) continue;
    unpriced += !c.bill.price;
    if (c.bill.price && (!cheapest || c.bill.price->amount < cheapest->bill.price->amount)) cheapest = &c;
    if (c.step && (!fastest || *c.step < *fastest->step)) fastest = &c;
    const bool better = safest && has_figures(c) == has_figures(*safest) && *c.survives > *safest->survives;
    if (!safest || better || (has_figures(c) && !has_figures(*safest))) safest = &c;
  }
  if (!safest) return "No fabric with known figures stays within the limits.\n";
  std::string text;
  if (cheapest)
    text = fmt::format("Cheapest: {} of {} ({}). ", cheapest->name, cheapest->box.name,
                       format_money(*cheapest->bill.price));
  if (unpriced > 0)
    text += fmt::format("{} on the front {} no known price: nothing there is certainly cheaper. ", unpriced,
                        unpriced == 1 ? "has" : "have");
  if (fastest) text += fmt::format("Fastest: {} ({} a step). ", fastest->name, format_seconds(*fastest->step));
  return wrap_text(text + fmt::format("Survives best: {} ({}).", safest->name, share_text(*safest->survives, 4)), 100,
                   0);
}

std::string blast_table(const FabricCandidate& candidate) {
  TextTable table({{"when one fails"},
                   {"of", Align::kRight},
                   {"NICs cut", Align::kRight},
                   {"hosts cut", Align::kRight},
                   {"hosts hurt", Align::kRight},
                   {"bandwidth lost", Align::kRight}});
  for (const net::Blast& blast : candidate.blasts) {
    table.add_row({blast.element + (blast.single_part ? "" : " (many parts)"), format_whole(blast.count),
                   format_whole(blast.endpoints_cut), format_whole(blast.hosts_cut), format_whole(blast.hosts_hurt),
                   share_text(blast.bandwidth_lost)});
  }
  return table.str();
}

std::string nic_text(const answer::DesignResult& result) {
  const PricedPart& nic = result.question.prices.nic;
  if (!nic.price && !nic.power) return {};
  const double count = result.question.endpoints();
  return wrap_text(
      fmt::format("NICs, alike for every fabric and not in its price: {} x {}, {}, {}.", result.question.endpoints(),
                  nic.name, nic.price ? format_money(*nic.price * count) : "price unknown",
                  nic.power ? format_watts(*nic.power * count) : "power unknown"),
      100, 0);
}

Json money_json(const std::optional<Money>& money) {
  return money ? Json::object({{"amount", money->amount}, {"currency", currency_name(money->currency)}}) : Json();
}
Json watts_json(const std::optional<Watts>& power) { return power ? Json(power->value()) : Json(); }

Json bill_json(const cost::FabricBill& bill) {
  Json lines = Json::array();
  for (const cost::BillLine& line : bill.lines) {
    lines.push(Json::object({{"part", line.part},
                             {"count", line.count},
                             {"price", money_json(line.price)},
                             {"power_w", watts_json(line.power)}}));
  }
  return Json::object({{"lines", lines},
                       {"rack_cables", static_cast<std::size_t>(bill.cables[0])},
                       {"row_cables", static_cast<std::size_t>(bill.cables[1])},
                       {"hall_cables", static_cast<std::size_t>(bill.cables[2])},
                       {"modules", static_cast<std::size_t>(bill.modules)},
                       {"price", money_json(bill.price)},
                       {"power_w", watts_json(bill.power)},
                       {"unknown", bill.unknown}});
}

Json candidate_json(const FabricCandidate& c) {
  Json entry = Json::object({{"name", c.name}, {"topology", c.spec.topology}, {"feasible", c.infeasible.empty()}});
  if (!c.infeasible.empty()) return std::move(entry.set("infeasible", c.infeasible));
  Json switches = Json::array(), cables = Json::array(), blasts = Json::array(), broken = Json::array();
  for (const net::SwitchCount& kind : c.parts.switches) {
    switches.push(Json::object({{"tier", kind.tier},
                                {"count", static_cast<std::size_t>(kind.count)},
                                {"ports", static_cast<int>(kind.ports)},
                                {"ports_used_max", static_cast<int>(kind.ports_used)}}));
  }
  for (const net::CableCount& kind : c.parts.cables) {
    cables.push(Json::object({{"between", kind.between},
                              {"count", static_cast<std::size_t>(kind.count)},
                              {"leaves_rack", kind.leaves_rack}}));
  }
  for (const net::Blast& b : c.blasts) {
    blasts.push(Json::object({{"element", b.element},
                              {"single_part", b.single_part},
                              {"count", static_cast<std::size_t>(b.count)},
                              {"nics_cut", static_cast<std::size_t>(b.endpoints_cut)},
                              {"hosts_cut", static_cast<std::size_t>(b.hosts_cut)},
                              {"hosts_hurt", static_cast<std::size_t>(b.hosts_hurt)},
                              {"bandwidth_lost", b.bandwidth_lost}}));
  }
  for (const std::string& limit : c.broken) broken.push(limit);
  entry.set("switch", c.box.name).set("radix", static_cast<int>(c.spec.radix));
  entry.set("oversubscription", c.spec.oversubscription).set("planes", static_cast<int>(c.spec.planes));
  entry.set("switches", switches).set("cables", cables).set("bill", bill_json(c.bill));
  entry.set("free_ports", static_cast<std::size_t>(c.free_ports))
      .set("endpoints_max", static_cast<std::size_t>(c.parts.endpoints_max));
  entry.set("hops_max", c.parts.hops_max).set("latency_s", c.latency.value()).set("bisection", c.parts.bisection);
  entry.set("failures", blasts)
      .set("failures_unknown", c.blast_unknown)
      .set("survives", c.survives ? Json(*c.survives) : Json());
  entry.set("step_time_s", c.step ? Json(c.step->value()) : Json())
      .set("packed_step_time_s", c.packed_step ? Json(c.packed_step->value()) : Json())
      .set("layout", c.layout)
      .set("broken_limits", broken)
      .set("on_front", c.on_front);
  return entry;
}

/// Why those that could be are not: limits, and figures that nobody knows.
std::vector<std::string> off_front(const answer::DesignResult& result) {
  std::vector<std::string> reasons;
  for (const FabricCandidate* c : buildable(result)) {
    if (!c->broken.empty())
      reasons.push_back(fmt::format("{} breaks a limit: {}.", c->name, fmt::join(c->broken, "; ")));
    if (!c->bill.unknown.empty()) reasons.push_back(fmt::format("{}: unknown {}.", c->name, c->bill.unknown));
    if (!c->blast_unknown.empty())
      reasons.push_back(fmt::format("{}: failures are not measured: {}.", c->name, c->blast_unknown));
    if (result.job && !c->step) reasons.push_back(fmt::format("{}: no layout fits: {}.", c->name, c->layout));
  }
  return reasons;
}

std::vector<std::string> doubts_of(const answer::DesignResult& result) {
  std::vector<std::string> doubts = price_doubts(result);
  if (result.job) doubts.insert(doubts.end(), result.job->doubts.begin(), result.job->doubts.end());
  return doubts;
}

std::string title_of(const answer::DesignResult& result) {
  const setup::DesignHosts& hosts = result.hosts;
  return fmt::format("{} x {} with {} NICs of {} ({} endpoints, scale-up domains of {}), {}", hosts.hosts, hosts.name,
                     hosts.nics, format_bits_per_second(hosts.link), result.question.endpoints(), hosts.scale_up_domain,
                     result.question.boxes.size() > 1
                         ? fmt::format("{} switch boxes to choose among", result.question.boxes.size())
                         : fmt::format("switches of {} ports at that speed", result.question.radix));
}

std::string job_of(const answer::DesignResult& result) {
  if (!result.job) return {};
  const setup::TrainSetup& job = *result.job;
  return fmt::format("{}, {}, sequence {}, global batch {}, on {}", job.model.name, job.precision,
                     job.job.sequence_length, job.job.global_batch, job.cluster.name);
}

}  // namespace

std::string design_text(const answer::DesignResult& result) {
  std::string text = wrap_text(title_of(result), 100, 0);
  if (result.job) text += wrap_text("job: " + job_of(result), 100, 0);
  const auto candidates = buildable(result);
  if (!candidates.empty()) text += "\n" + built_table(result) + "\n" + given_table(result) + boxes_text(result);
  text += "\n" + verdict(result) + "\n" + wrap_text(kLegend, 100, 0) + nic_text(result);
  text += sentences_text("Limits and unknowns", off_front(result));
  const bool any_known =
      std::any_of(candidates.begin(), candidates.end(), [](const auto* c) { return c->on_front && has_figures(*c); });
  for (const FabricCandidate* c : candidates) {
    if (c->on_front && !c->blasts.empty() && has_figures(*c) == any_known)
      text += fmt::format("\n{}\n", c->name) + blast_table(*c);
  }
  text += "\nPrices and powers\n" + price_table(result);
  std::vector<std::string> impossible;
  for (const FabricCandidate& c : result.candidates) {
    if (!c.infeasible.empty()) impossible.push_back(fmt::format("{}: {}.", c.name, c.infeasible));
  }
  text += sentences_text("Not possible", impossible) + sentences_text("Assumptions", result.assumptions) +
          sentences_text("Facts that rest on recall or estimate", doubts_of(result));
  return text;
}

Json design_json(const answer::DesignResult& result, const std::vector<InputText>& inputs) {
  Json document = Json::object({{"schema", "socle.fabric-design/1"},
                                {"provenance", provenance("fabric design", inputs)},
                                {"title", title_of(result)},
                                {"job", job_of(result)}});
  const search::FabricQuestion& q = result.question;
  document.set("question",
               Json::object({{"hosts", static_cast<std::size_t>(q.hosts)},
                             {"nics_per_host", static_cast<std::size_t>(q.rails)},
                             {"link_bytes_per_s", q.link.value()},
                             {"radix", q.boxes.size() > 1 ? Json() : Json(static_cast<std::size_t>(q.radix))},
                             {"hop_latency_s", q.hop_latency.value()},
                             {"scale_up_domain", static_cast<std::size_t>(q.scale_up_domain)}}));
  Json candidates = Json::array(), prices = Json::array();
  for (const FabricCandidate& candidate : result.candidates) candidates.push(candidate_json(candidate));
  for (const auto& [role, part] : parts_of(result)) {
    prices.push(Json::object({{"part", role},
                              {"name", part->name},
                              {"price", money_json(part->price)},
                              {"power_w", watts_json(part->power)},
                              {"date", part->date},
                              {"confidence", part->confidence},
                              {"source", part->source}}));
  }
  return std::move(document.set("candidates", candidates)
                       .set("prices", prices)
                       .set("assumptions", sentences_json(result.assumptions))
                       .set("doubts", sentences_json(doubts_of(result))));
}

}  // namespace socle::report
