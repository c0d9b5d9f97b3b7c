#include "socle/report/catalog/catalog_report.hpp"

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/report/catalog/catalog_facts.hpp"

namespace socle::report {
namespace {

using answer::CatalogResult;

constexpr int kPageWidth = 100;
constexpr const char* kLegend = "~ this figure is remembered, derived or estimated: check it before you rely on it\n";

/// One column of a list: the heading, the key of the fact it shows, and how.
struct Shown {
  std::string heading;
  std::string key;
  double unit = 0.0;  // that the heading names, in base units; 0 = the text of the fact
  Align align = Align::kRight;
};

std::string cell_of(const std::vector<Fact>& facts, const Shown& shown) {
  for (const Fact& fact : facts) {
    if (fact.key != shown.key) continue;
    const bool number = shown.unit > 0 && !fact.value.is_null();
    const std::string text = number ? format_number(fact.value.as_double(fact.key) / shown.unit) : fact.text;
    if (text.empty()) return shown.align == Align::kRight ? "-" : "";
    return fact.doubtful ? "~" + text : text;
  }
  return "-";
}

std::string table_of(const std::vector<std::vector<Fact>>& entries, const std::vector<Shown>& columns) {
  std::vector<TextColumn> headings;
  for (const Shown& column : columns) headings.push_back({column.heading, column.align, column.key == "slug"});
  TextTable table(headings, kPageWidth);
  for (const auto& facts : entries) {
    std::vector<std::string> cells;
    for (const Shown& column : columns) cells.push_back(cell_of(facts, column));
    table.add_row(std::move(cells));
  }
  return table.str() + "\n" + kLegend;
}

template <typename T>
std::vector<std::vector<Fact>> facts_of_all(const std::vector<T>& list) {
  std::vector<std::vector<Fact>> all;
  for (const T& item : list) all.push_back(facts_of(item));
  return all;
}

Json document(std::string_view section, const std::vector<InputText>& inputs) {
  Json json = Json::object();
  json.set("schema", "socle.catalog/1").set("provenance", provenance("catalog", inputs)).set("section", section);
  return json;
}

const std::vector<Shown>& columns_of(std::string_view section) {
  // Memory is stated in the binary gigabytes that vendors print as GB (catalog::visible_memory).
  static const std::vector<Shown> kChips = {{"chip", "slug", 0, Align::kLeft},
                                            {"vendor", "vendor", 0, Align::kLeft},
                                            {"year", "year"},
                                            {"bf16 TF/s", "peak_bf16_flops_per_second", 1e12},
                                            {"fp8 TF/s", "peak_fp8_flops_per_second", 1e12},
                                            {"mem GiB", "memory_bytes", 1e9},
                                            {"mem GB/s", "memory_bandwidth_bytes_per_second", 1e9},
                                            {"link GB/s", "scale_up_bytes_per_second", 1e9},
                                            {"power W", "tdp_watts", 1}};
  static const std::vector<Shown> kNodes = {{"node", "slug", 0, Align::kLeft},
                                            {"chip", "chip", 0, Align::kLeft},
                                            {"chips", "chips"},
                                            {"domain", "scale_up_domain_chips"},
                                            {"NICs", "nics"},
                                            {"NIC Gb/s", "nic_bytes_per_second", 1.25e8},
                                            {"power kW", "power_watts", 1e3},
                                            {"K USD", "price_usd", 1e3},
                                            {"K CNY", "price_cny", 1e3}};
  static const std::vector<Shown> kNetwork = {{"kind", "category", 0, Align::kLeft},
                                              {"name", "name", 0, Align::kLeft},
                                              {"ports", "ports"},
                                              {"port Gb/s", "port_bytes_per_second", 1.25e8},
                                              {"latency ns", "latency_seconds", 1e-9},
                                              {"power W", "power_watts", 1},
                                              {"USD", "price_usd", 1}};
  static const std::vector<Shown> kPrices = {{"kind", "category", 0, Align::kLeft},
                                             {"item", "item", 0, Align::kLeft},
                                             {"provider", "provider", 0, Align::kLeft},
                                             {"region", "region", 0, Align::kLeft},
                                             {"value", "value"},
                                             {"unit", "unit", 0, Align::kLeft},
                                             {"date", "date", 0, Align::kLeft}};
  static const std::vector<Shown> kModels = {{"model", "slug", 0, Align::kLeft},
                                             {"parameters", "parameters"},
                                             {"active", "parameters_active"},
                                             {"layers", "layers"},
                                             {"width", "hidden"},
                                             {"context", "context"},
                                             {"name", "name", 0, Align::kLeft}};
  static const std::vector<Shown> kNamed = {{"entry", "slug", 0, Align::kLeft}, {"name", "name", 0, Align::kLeft}};
  static const std::vector<Shown> kStacks = {{"stack", "slug", 0, Align::kLeft},
                                             {"name", "name", 0, Align::kLeft},
                                             {"years", "years", 0, Align::kLeft},
                                             {"measured runs", "runs"},
                                             {"mean error", "error"}};
  static const std::vector<Shown> kEngines = {{"engine", "slug", 0, Align::kLeft},
                                              {"name", "name", 0, Align::kLeft},
                                              {"policy", "policy", 0, Align::kLeft},
                                              {"block", "block_tokens"},
                                              {"share of memory", "share_text", 0, Align::kLeft}};
  static const std::vector<Shown> kRules = {{"rule", "id", 0, Align::kLeft},
                                            {"from", "effective", 0, Align::kLeft},
                                            {"to", "ends", 0, Align::kLeft},
                                            {"scope", "scope", 0, Align::kLeft},
                                            {"instrument", "instrument", 0, Align::kLeft}};
  static const std::vector<Shown> kSites = {{"site", "slug", 0, Align::kLeft},
                                            {"place", "place", 0, Align::kLeft},
                                            {"operator", "operator", 0, Align::kLeft},
                                            {"north", "latitude_degrees"},
                                            {"east", "longitude_degrees"},
                                            {"round trips", "round_trips_known"},
                                            {"measured", "date", 0, Align::kLeft}};
  static const std::vector<Shown> kFound = {
      {"section", "section", 0, Align::kLeft}, {"name", "name", 0, Align::kLeft}, {"about", "about", 0, Align::kLeft}};
  if (section == "stacks") return kStacks;
  if (section == "libraries" || section == "transports" || section == "failures" || section == "incidents")
    return kNamed;
  if (section == "engines") return kEngines;
  if (section == "rules") return kRules;
  if (section == "sites") return kSites;
  if (section == "search" || section == "regions" || section == "lists") return kFound;
  if (section == "chips") return kChips;
  if (section == "nodes") return kNodes;
  if (section == "network") return kNetwork;
  return section == "prices" ? kPrices : kModels;
}

std::vector<std::vector<Fact>> entries_of(const CatalogResult& result) {
  if (result.section == "chips") return facts_of_all(result.chips);
  if (result.section == "nodes") return facts_of_all(result.nodes);
  if (result.section == "network") return facts_of_all(result.gear);
  if (result.section == "prices") return facts_of_all(result.prices);
  if (result.section == "models") return facts_of_all(result.models);
  if (result.section == "libraries") return facts_of_all(result.libraries);
  if (result.section == "transports") return facts_of_all(result.transports);
  if (result.section == "failures") return facts_of_all(result.failures);
  if (result.section == "incidents") return facts_of_all(result.incidents);
  if (result.section == "engines") return facts_of_all(result.engines);
  if (result.section == "rules") {
    auto all = facts_of_all(result.rules);
    for (const catalog::DataRule& rule : result.data_rules) all.push_back(facts_of(rule));
    return all;
  }
  if (result.section == "sites") return facts_of_all(result.sites);
  if (result.section == "search" || result.section == "regions" || result.section == "lists")
    return facts_of_all(result.found);
  return facts_of_all(result.stacks);
}

std::string summary_text(const CatalogResult& result) {
  TextTable table({{"section"}, {"entries", Align::kRight}});
  for (const auto& [section, count] : result.counts) table.add_row({section, std::to_string(count)});
  return table.str() +
         "\nsocle catalog list chips lists a section, socle catalog show h100 one entry, socle catalog search\n"
         "ascend all that have a word in their names.\n";
}

std::string page_of(const std::vector<Fact>& facts) {
  constexpr int kIndent = 36;
  std::string out;
  for (const Fact& fact : facts) {
    if (fact.text.empty()) continue;
    const std::string wrapped = wrap_text((fact.doubtful ? "~" : "") + fact.text, kPageWidth, kIndent);
    out += fmt::format("{:<{}}{}", fact.name, kIndent, std::string_view(wrapped).substr(kIndent));
  }
  return out;
}

std::string round_trips_text(const catalog::Site& site) {
  TextTable table({{"to"}, {"round trip", Align::kRight}, {"light in fibre", Align::kRight}});
  for (const catalog::RoundTrip& trip : site.round_trips)
    table.add_row({trip.to, format_seconds(trip.time), format_seconds(trip.least)});
  return table.str() + "light in fibre: along the great circle at two thirds of the speed of light, there and back\n";
}

std::string sites_text(const CatalogResult& result) {
  std::string pages;
  for (const catalog::Site& site : result.sites)
    pages += page_of(facts_of(site)) + "\n" + round_trips_text(site) + "\n";
  return pages + kLegend;
}

Json site_json(const catalog::Site& site) {
  Json list = Json::array();
  for (const catalog::RoundTrip& trip : site.round_trips)
    list.push(std::move(Json::object()
                            .set("to", trip.to)
                            .set("seconds", trip.time.value())
                            .set("light_in_fibre_seconds", trip.least.value())));
  return std::move(json_of(facts_of(site)).set("round_trips", std::move(list)));
}

std::string exports_text(const CatalogResult& result) {
  TextTable table({{"rule"}, {"from"}, {"to"}, {"verdict"}, {"because"}}, kPageWidth);
  for (const catalog::ExportVerdict& verdict : result.exports) {
    table.add_row({verdict.rule, verdict.effective, verdict.ends,
                   std::string(catalog::export_class_name(verdict.verdict)), verdict.reason});
  }
  return table.str() + "\nExport classes are computed from the figures above; no legal advice.\n";
}

Json exports_json(const CatalogResult& result) {
  Json rules = Json::array();
  for (const catalog::ExportVerdict& verdict : result.exports) {
    Json rule = Json::object();
    rule.set("rule", verdict.rule)
        .set("from", verdict.effective)
        .set("verdict", std::string(catalog::export_class_name(verdict.verdict)))
        .set("reason", verdict.reason);
    if (!verdict.ends.empty()) rule.set("to", verdict.ends);
    rules.push(std::move(rule));
  }
  return rules;
}

}  // namespace

std::string catalog_text(const CatalogResult& result) {
  if (result.section.empty()) return summary_text(result);
  if (!result.path.empty()) return result.file;
  const auto entries = entries_of(result);
  if (!result.one_entry) return table_of(entries, columns_of(result.section));
  if (result.section == "chips") return page_of(entries.front()) + "\n" + exports_text(result) + kLegend;
  if (result.section == "sites") return sites_text(result);
  std::string pages;
  for (const auto& facts : entries) pages += page_of(facts) + "\n";
  return pages + kLegend;
}

Json catalog_json(const CatalogResult& result, const std::vector<InputText>& inputs) {
  if (result.section.empty()) {
    Json json = document("summary", inputs);
    for (const auto& [section, count] : result.counts) json.set(section, Json(count));
    return json;
  }
  Json json = document(result.section, inputs);
  if (!result.path.empty()) return std::move(json.set("path", result.path).set("toml", result.file));
  const auto entries = entries_of(result);
  if (result.one_entry && result.section == "chips")
    return std::move(json.set("entry", json_of(entries.front()).set("export", exports_json(result))));
  if (result.one_entry && result.section == "nodes") return std::move(json.set("entry", json_of(entries.front())));
  Json list = Json::array();
  if (result.one_entry && result.section == "sites") {
    for (const catalog::Site& site : result.sites) list.push(site_json(site));
    return std::move(json.set("entries", std::move(list)));
  }
  for (const auto& facts : entries) list.push(json_of(facts));
  return std::move(json.set("entries", std::move(list)));
}

}  // namespace socle::report
