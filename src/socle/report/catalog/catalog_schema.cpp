#include "socle/report/schemas.hpp"

namespace socle::report {
namespace {

/// How far an entry can be trusted, as every section but models and stacks states it.
SchemaRows trust_rows() {
  return {{"source", "string", "Document, page or repository the figures come from."},
          {"confidence", "string", "How they are known.", {"datasheet", "reported", "estimate"}},
          {"checked?", "string", "Which figures were read in the source and which only remembered."},
          {"notes?", "string", "Remarks."},
          {"doubtful[]", "string", "Keys of this entry whose figures are remembered, derived or estimated."}};
}

SchemaRows price_rows() {
  return {{"price_usd?", "number", "Price in US dollars."},
          {"price_cny?", "number", "Price in yuan, quoted and not converted."},
          {"price_source?", "string", "Where the price comes from."}};
}

Shape chip_shape() {
  SchemaRows rows{
      {"slug", "string", "Its name in scenarios and flags."},
      {"name", "string", "Its name on the market."},
      {"vendor", "string", "Who makes it."},
      {"country?", "string", "Country of the vendor."},
      {"year?", "integer", "Year of its launch."},
      {"status?", "string", "Where it stands in its life, such as shipping."},
      {"process_nm?", "number", "Process in nanometres."},
      {"die_area_mm2?", "number", "Logic silicon in square millimetres."},
      {"peak_fp64_flops_per_second?", "number", "Dense FP64 peak of the matrix engine, FLOP/s."},
      {"peak_fp32_flops_per_second?", "number", "Dense FP32 peak, FLOP/s."},
      {"peak_tf32_flops_per_second?", "number", "Dense TF32 peak, FLOP/s."},
      {"peak_bf16_flops_per_second?", "number", "Dense BF16 peak, FLOP/s."},
      {"peak_fp16_flops_per_second?", "number", "Dense FP16 peak, FLOP/s."},
      {"peak_fp8_flops_per_second?", "number", "Dense FP8 peak, FLOP/s."},
      {"peak_int8_flops_per_second?", "number", "Dense INT8 peak, operations per second."},
      {"peak_fp4_flops_per_second?", "number", "Dense FP4 peak, FLOP/s."},
      {"memory_bytes?", "number", "Bytes of device memory."},
      {"memory_usable_bytes?", "number", "Bytes that programs can have; absent: 99 % of the memory is taken."},
      {"memory_type?", "string", "Kind of device memory."},
      {"memory_bandwidth_bytes_per_second?", "number", "Bandwidth of device memory, bytes per second."},
      {"l2_bytes?", "number", "Bytes of the last-level cache."},
      {"scale_up_link?", "string", "Kind of the scale-up links."},
      {"scale_up_bytes_per_second?", "number", "Scale-up bandwidth of the chip, bytes per second and direction."},
      {"scale_up_domain_chips?", "integer", "Chips that share a scale-up fabric at most."},
      {"scale_up_torus?", "string", "How the links run, where they make a torus."},
      {"scale_up_torus_source?", "string", "Where that is stated."},
      {"tdp_watts?", "number", "Rated power in watts."},
      {"host_interface?", "string", "Link to the host."},
      {"all_links_bytes_per_second?", "number",
       "Every link but memory, both directions, bytes per second; what export rules count."},
      {"software?", "string", "Its software."}};
  SchemaRows exports{
      {"export[]?", "object", "Rules, the oldest first, of `show`; an estimate, no legal advice. Absent in lists."},
      {"export[].rule", "string", "The rule, by its id in the catalogue."},
      {"export[].from", "string", "Day from which it holds."},
      {"export[].to?", "string", "Its last day; absent: it is in force."},
      {"export[].verdict", "string", "What it says of the chip."},
      {"export[].reason", "string", "Figures against thresholds, or which fact is unknown."}};
  return {"chip", "An accelerator as one training rank sees it. What is not public is absent.",
          joined(joined(joined(std::move(rows), price_rows()), trust_rows()), exports)};
}

Shape node_shape() {
  SchemaRows rows{
      {"slug", "string", "Its name in scenarios and flags."},
      {"name", "string", "Its name on the market."},
      {"vendor?", "string", "Who makes it."},
      {"chip", "string", "The chip, by its slug."},
      {"chips", "integer", "Chips of one node."},
      {"scale_up_domain_chips?", "integer", "Chips that share the scale-up fabric; may be more than the node has."},
      {"scale_up_note?", "string", "The scale-up fabric in words."},
      {"nics?", "integer", "NICs of one node."},
      {"nic_bytes_per_second?", "number", "Bandwidth of one NIC, bytes per second and direction."},
      {"nic_type?", "string", "The NIC."},
      {"power_watts?", "number", "Watts of one node, rated or measured."},
      {"cpu?", "string", "Host processors."},
      {"host_memory_bytes?", "number", "Bytes of host memory."},
      {"cooling?", "string", "Air or liquid."}};
  return {"node", "A server, or a rack that acts as one, as it is bought. What is not public is absent.",
          joined(joined(std::move(rows), price_rows()), trust_rows())};
}

Shape gear_shape() {
  SchemaRows rows{{"category", "string", "Kind, such as nic or cable; latency and ratio hold typical figures."},
                  {"name", "string", "Its name."},
                  {"vendor?", "string", "Who makes it."},
                  {"year?", "integer", "Year of its launch."},
                  {"capacity_bytes_per_second?", "number", "All ports together, bytes per second and direction."},
                  {"ports?", "integer", "Ports."},
                  {"port_bytes_per_second?", "number", "One port, bytes per second and direction."},
                  {"buffer_bytes?", "number", "Bytes of packet buffer."},
                  {"latency_seconds?", "number", "Seconds through it, or of the typical figure."},
                  {"power_watts?", "number", "Watts."},
                  {"price_usd?", "number", "Price in US dollars."},
                  {"price_cny?", "number", "Price in yuan, where it was quoted so."},
                  {"price_source?", "string", "Where the price comes from."},
                  {"price_date?", "string", "Date of the price, as precise as its source."},
                  {"reach_m?", "number", "Metres that it bridges."}};
  return {"gear", "A piece of network as it is bought, or a typical figure of one. What is not public is absent.",
          joined(std::move(rows), trust_rows())};
}

Shape price_shape() {
  SchemaRows rows{{"category", "string", "Kind, such as rental or electricity."},
                  {"item", "string", "What is priced."},
                  {"provider?", "string", "Who asks or pays it."},
                  {"region?", "string", "Where."},
                  {"term?", "string", "For how long or how much."},
                  {"value?", "number", "The figure, in unit; absent: the source gives words."},
                  {"text?", "string", "The words of the source."},
                  {"unit?", "string", "Unit of the value."},
                  {"date?", "string", "Date, as precise as its source."}};
  return {"price", "A quoted figure around money.", joined(std::move(rows), trust_rows())};
}

Shape model_shape() {
  return {"model",
          "A model by its names and sizes.",
          {{"slug", "string", "Its name in scenarios and flags."},
           {"name", "string", "Its name in print."},
           {"parameters", "number", "Weights, multi-token-prediction modules excluded."},
           {"parameters_active", "number", "Weights used for one token."},
           {"layers", "integer", "Layers."},
           {"hidden", "integer", "Width of the residual stream."},
           {"context?", "integer", "Longest published context in tokens; absent: unknown."},
           {"doubtful[]", "string", "Always empty: counts follow from the shape."}}};
}

Shape named_shape() {
  return {"named",
          "An entry by its names.",
          {{"slug", "string", "Its name in scenarios and flags."},
           {"name", "string", "Its name in print."},
           {"doubtful[]", "string", "Always empty: names are not doubted."}}};
}

Shape stack_shape() {
  return {"stack",
          "A software stack and how well it was fitted.",
          {{"slug", "string", "Its name in scenarios and flags."},
           {"name", "string", "Framework and generation."},
           {"family", "string", "What its code descends from; empty: nothing that the catalogue knows."},
           {"years", "string", "Years in which it is what runs use."},
           {"plausible_on", "string",
            "Kinds of chip on which a job that states no stack may run it, and for which jobs; empty: none."},
           {"lacks", "string", "Axes that it cannot split along; empty: none is known."},
           {"source", "string", "Where its facts are from."},
           {"runs", "integer", "Measured runs that it was fitted on; 0: none, its figures are its relatives'."},
           {"error?", "number", "Mean absolute relative error over those runs, a fraction; absent: there are none."},
           {"doubtful[]", "string", "Keys of this entry whose figures are remembered, derived or estimated."}}};
}

Shape engine_shape() {
  return {"engine",
          "A line of a serving engine's versions.",
          {{"slug", "string", "Its name in scenarios and flags."},
           {"name", "string", "The engine and its versions."},
           {"policy", "string", "How it makes its batches."},
           {"block_tokens", "integer", "Tokens of a block of its cache."},
           {"preemption", "string", "What it does with a running sequence when the cache is full."},
           {"share_name", "string", "By which share it sizes its cache."},
           {"share_default?", "number", "The share unless told; absent: it follows a rule."},
           {"doubtful[]", "string", "Always empty: `show` has the source of each fact."}}};
}

Shape rule_shape() {
  SchemaRows rows{{"id", "string", "Its name in the catalogue."},
                  {"effective", "string", "Day from which it holds."},
                  {"ends?", "string", "Its last day; absent: in force when last checked."},
                  {"instrument", "string", "The document that makes it."},
                  {"scope", "string", "What it is about."},
                  {"test", "string", "What is tested."},
                  {"threshold?", "string", "Figures of the test."},
                  {"effect?", "string", "What follows: for a buyer in China, or for data that leaves."}};
  return {
      "rule",
      "A rule, letter or reported instruction on the trade in accelerators or on data that leaves; no legal advice.",
      joined(std::move(rows), trust_rows())};
}

Shape site_shape() {
  SchemaRows rows{{"slug", "string", "Its operator's name for it."},
                  {"place", "string", "The city or area."},
                  {"operator", "string", "Whose it is."},
                  {"latitude_degrees", "number", "Degrees north."},
                  {"longitude_degrees", "number", "Degrees east."},
                  {"round_trips_known", "integer", "Sites to which a round trip was published."},
                  {"date?", "string", "Day of the measurement; absent: the source has none."}};
  SchemaRows trips{{"round_trips[]?", "object", "To each of them, of `show`. Absent in lists."},
                   {"round_trips[].to", "string", "The other site."},
                   {"round_trips[].seconds", "number", "There and back, as published."},
                   {"round_trips[].light_in_fibre_seconds", "number",
                    "Least that is possible: along the great circle at two thirds of the speed of light."}};
  return {"site", "A region of a cloud on the map, and how far others are.",
          joined(joined(std::move(rows), trust_rows()), trips)};
}

Shape found_shape() {
  return {"found",
          "An entry by where it belongs.",
          {{"section", "string", "The section that shows it."},
           {"name", "string", "Its name there."},
           {"about", "string", "Another name, its kind, or what it holds."},
           {"doubtful[]", "string", "Always empty: names are not doubted."}}};
}

SchemaRows head_rows(const std::vector<std::string>& sections) {
  return {{"provenance", "provenance", "Version, command and inputs: what is laid over the built-in catalogue."},
          {"section", "string", "What the document is of.", sections}};
}

Form list_form(const char* section, const char* shape) {
  return {section, std::string("a list: `socle catalog ") + section + "`, or entries of one name",
          joined(head_rows({section}), {{"entries[]", shape, "The entries, in the order of the catalogue."}})};
}

}  // namespace

Schema catalog_schema() {
  const SchemaRows summary{{"chips", "integer", "Entries of chips."},
                           {"nodes", "integer", "Entries of nodes."},
                           {"network", "integer", "Entries of network gear."},
                           {"prices", "integer", "Quoted prices."},
                           {"models", "integer", "Models."},
                           {"stacks", "integer", "Software stacks."},
                           {"libraries", "integer", "Collective libraries."},
                           {"transports", "integer", "Transports of networks."},
                           {"engines", "integer", "Lines of serving engines."},
                           {"failures", "integer", "Fleets whose failures are counted."},
                           {"incidents", "integer", "Public outages."},
                           {"rules", "integer", "Rules on exports of chips and on data that leaves."},
                           {"regions", "integer", "Regions that prices are of."},
                           {"lists", "integer", "Price lists of network parts."},
                           {"sites", "integer", "Regions of clouds with round trips between them."}};
  const SchemaRows file{
      {"path", "string", "Path of the file in the catalogue."},
      {"toml", "string", "Its text; docs/reference/models.md and the comments in it explain the keys."}};
  return {
      "socle.catalog/1",
      "What is in the catalogue: `socle catalog`.",
      {{"summary", "no section is named", joined(head_rows({"summary"}), summary)},
       list_form("chips", "chip"),
       {"one chip", "`socle catalog chips show NAME`", joined(head_rows({"chips"}), {{"entry", "chip", "The chip."}})},
       list_form("nodes", "node"),
       {"one node", "`socle catalog nodes show NAME`", joined(head_rows({"nodes"}), {{"entry", "node", "The node."}})},
       list_form("network", "gear"),
       list_form("prices", "price"),
       list_form("models", "model"),
       list_form("stacks", "stack"),
       list_form("libraries", "named"),
       list_form("transports", "named"),
       list_form("engines", "engine"),
       list_form("failures", "named"),
       list_form("incidents", "named"),
       list_form("rules", "rule"),
       list_form("sites", "site"),
       {"found", "`socle catalog search WORD`, regions and price lists",
        joined(head_rows({"search", "regions", "lists"}), {{"entries[]", "found", "The entries, by section."}})},
       {"file",
        "`socle catalog models show NAME`, and of stacks, libraries, transports, engines, failures and incidents",
        joined(head_rows({"models", "stacks", "libraries", "transports", "engines", "failures", "incidents"}), file)}},
      {provenance_shape(), chip_shape(), node_shape(), gear_shape(), price_shape(), model_shape(), named_shape(),
       stack_shape(), engine_shape(), rule_shape(), site_shape(), found_shape()}};
}

}  // namespace socle::report
