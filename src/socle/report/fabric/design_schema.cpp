#include "socle/report/schemas.hpp"

namespace socle::report {
namespace {

SchemaRows question_rows() {
  return {{"provenance", "provenance", "Version, command and inputs."},
          {"title", "string", "What is to be connected, in one line."},
          {"job", "string", "The job whose steps are predicted, in one line; empty: none is given."},
          {"question", "object", "What is to be connected."},
          {"question.hosts", "integer", "Hosts."},
          {"question.nics_per_host", "integer", "NICs of one host: rails."},
          {"question.link_bytes_per_s", "number", "One NIC, bytes per second and direction."},
          {"question.radix", "integer|null", "Ports of one switch at that speed; null: several boxes were considered."},
          {"question.hop_latency_s", "number", "Seconds of one cable and the switch behind it."},
          {"question.scale_up_domain", "integer", "NICs that share a scale-up fabric; 1: none."}};
}

SchemaRows parts_rows() {
  return {{"switch?", "string", "Box that its switches are; this and the next ones need feasible."},
          {"radix?", "integer", "Ports of that box at the NICs' speed."},
          {"oversubscription?", "number", "Downlinks over uplinks of a leaf."},
          {"planes?", "integer", "Ports that a NIC is split into, each in a plane of its own; 1: it is not."},
          {"switches[]?", "object", "Switches by tier."},
          {"switches[].tier", "string", "The tier, such as leaf."},
          {"switches[].count", "integer", "Switches of the tier."},
          {"switches[].ports", "integer", "Ports that each has."},
          {"switches[].ports_used_max", "integer", "Ports that the busiest one uses."},
          {"cables[]?", "object", "Cables by what they join."},
          {"cables[].between", "string", "What they join, such as leaf-spine."},
          {"cables[].count", "integer", "Cables."},
          {"cables[].leaves_rack", "boolean", "They leave the rack: optics; false: copper reaches."}};
}

SchemaRows bill_rows() {
  return {{"bill?", "object", "Money and power of the fabric without its NICs."},
          {"bill.lines[]", "object", "By part."},
          {"bill.lines[].part", "string", "The part."},
          {"bill.lines[].count", "number", "Parts; cables of a plane count with their share of speed."},
          {"bill.lines[].price", "money|null", "Price of all; null: nobody states it."},
          {"bill.lines[].power_w", "number|null", "Watts of all; null: nobody states it."},
          {"bill.rack_cables", "integer", "Cables inside a rack."},
          {"bill.row_cables", "integer", "Cables inside a row."},
          {"bill.hall_cables", "integer", "Cables across the hall."},
          {"bill.modules", "integer", "Pluggable optics at the speed of a NIC."},
          {"bill.price", "money|null", "Sum; null: a part's price is unknown."},
          {"bill.power_w", "number|null", "Watts in sum; null: a part's power is unknown."},
          {"bill.unknown", "string", "Parts whose price or power nobody states; empty: none."}};
}

SchemaRows behaviour_rows() {
  return {{"free_ports?", "integer", "Ports left over, as if each switch were as full as the busiest."},
          {"endpoints_max?", "integer", "NICs that the same tiers of such switches can hold."},
          {"hops_max?", "integer", "Links of the longest minimal way."},
          {"latency_s?", "number", "Seconds of that way, without NIC and software."},
          {"bisection?", "number", "Bandwidth between two halves over that of the NICs of one, a fraction."},
          {"failures[]?", "object", "What the failure of one element costs, the worst of those tried of its kind."},
          {"failures[].element", "string", "The element."},
          {"failures[].single_part", "boolean", "One part; false: many that share power, control or software."},
          {"failures[].count", "integer", "Such elements of the fabric."},
          {"failures[].nics_cut", "integer", "NICs that reach fewer than half of the others."},
          {"failures[].hosts_cut", "integer", "Hosts all of whose NICs are cut off."},
          {"failures[].hosts_hurt", "integer", "Hosts that lost a NIC or a port of one."},
          {"failures[].bandwidth_lost", "number", "Share of the bandwidth between the halves of hosts that is lost."},
          {"failures_unknown?", "string", "Why failures are not measured; empty: they are."},
          {"survives?", "number|null",
           "The least, over single parts, of hosts left times bandwidth left, a fraction; null: failures are not "
           "measured."},
          {"step_time_s?", "number|null",
           "Seconds of a step with all traffic across the narrowest tier; null: no job, or no layout fits."},
          {"packed_step_time_s?", "number|null",
           "Seconds with nodes side by side, by flow simulation; null: no job, or it cannot be simulated."},
          {"layout?", "string", "Layout of that step, or why there is none; empty: no job."},
          {"broken_limits[]?", "string", "A limit that it breaks, with need and limit."},
          {"on_front?", "boolean", "No other is as good in money, power, step time and survival and better in one."}};
}

}  // namespace

Schema fabric_design_schema() {
  SchemaRows candidate{{"name", "string", "Topology, tiers or planes, and oversubscription."},
                       {"topology", "string", "The topology, by its name in scenarios."},
                       {"feasible", "boolean", "It can be built of such switches."},
                       {"infeasible?", "string", "Why not, with the remedy; absent with feasible."}};
  for (const SchemaRows& more : {parts_rows(), bill_rows(), behaviour_rows()})
    candidate = joined(std::move(candidate), more);
  const SchemaRows prices{{"prices[]", "object", "Prices and powers of single parts."},
                          {"prices[].part", "string", "Role of the part."},
                          {"prices[].name", "string", "The part."},
                          {"prices[].price", "money|null", "Price of one; null: nobody states it."},
                          {"prices[].power_w", "number|null", "Watts of one; null: nobody states it."},
                          {"prices[].date", "string", "Date of the price, as precise as its source; empty: undated."},
                          {"prices[].confidence", "string", "How it is known, such as reported or recall."},
                          {"prices[].source", "string", "Where it comes from."}};
  SchemaRows rows = question_rows();
  rows.push_back({"candidates[]", "object", "Every sensible fabric, feasible or not."});
  for (const SchemaRows& more : {under("candidates[]", candidate), prices, sentence_rows()})
    rows = joined(std::move(rows), more);
  return {"socle.fabric-design/1",
          "Every sensible network for so many hosts: `socle fabric design`.",
          {{"", "", std::move(rows)}},
          {provenance_shape(), money_shape()}};
}

}  // namespace socle::report
