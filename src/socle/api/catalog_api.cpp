#include "socle/api/catalog_api.hpp"

#include <optional>

#include <fmt/format.h>

#include "socle/api/catalog_facts.hpp"
#include "socle/base/error.hpp"
#include "socle/base/file_io.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/text_table.hpp"
#include "socle/base/version.hpp"
#include "socle/catalog/export_class.hpp"
#include "socle/catalog/loaders.hpp"
#include "socle/catalog/stacks.hpp"

namespace socle::api {
namespace {

using catalog::Catalog;

constexpr int kPageWidth = 100;
constexpr const char* kLegend = "~ this figure is remembered, derived or estimated: check it before you rely on it\n";
const std::vector<std::string>& sections() {
  static const std::vector<std::string> kNames = {"chips", "nodes", "network", "prices", "models", "stacks"};
  return kNames;
}

/// One column of a list: the heading, the key of the fact it shows, and a unit that the heading already names.
struct Shown {
  std::string heading;
  std::string key;
  std::string unit;   // removed from the end of the text
  Align align = Align::kRight;
};

std::string cell_of(const std::vector<Fact>& facts, const Shown& shown) {
  for (const Fact& fact : facts) {
    if (fact.key != shown.key) continue;
    std::string text = fact.text;
    if (text.ends_with(" " + shown.unit)) text.resize(text.size() - shown.unit.size() - 1);
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

Json document(std::string_view section) {
  Json json = Json::object();
  json.set("schema", "socle.catalog/1").set("socle", version()).set("section", section);
  return json;
}

/// Models belong to another reader; the catalogue knows their names only.
std::vector<std::vector<Fact>> models(const Catalog& catalog) {
  std::vector<std::vector<Fact>> all;
  for (const std::string& path : catalog.paths_under("models/")) {
    if (!path.ends_with(".toml")) continue;
    const std::string slug = path.substr(7, path.size() - 12);
    const std::string name = catalog::load_names(catalog.text_of(path), catalog.source_of(path)).front();
    all.push_back({{"slug", slug, "slug", Json(slug), false}, {"name", name, "name", Json(name), false}});
  }
  return all;
}

std::vector<std::vector<Fact>> stacks(const Catalog& catalog) {
  std::vector<std::vector<Fact>> all;
  for (const catalog::Stack& stack : catalog::load_stacks(catalog)) {
    const std::string years = stack.to_year == 9999 ? fmt::format("since {}", stack.from_year) : fmt::format("{}-{}", stack.from_year, stack.to_year);
    const std::string error = stack.runs > 0 ? fmt::format("{:.1f} %", 100.0 * stack.error) : "unmeasured";
    all.push_back({{"slug", stack.slug, "slug", Json(stack.slug), false}, {"name", stack.name, "name", Json(stack.name), false},
                   {"years", years, "years", Json(years), false}, {"runs", std::to_string(stack.runs), "runs", Json(stack.runs), false},
                   {"error", error, "error", stack.runs > 0 ? Json(stack.error) : Json(), stack.runs == 0}});
  }
  return all;
}

const std::vector<Shown>& columns_of(std::string_view section) {
  static const std::vector<Shown> kChips = {
      {"chip", "slug", "", Align::kLeft}, {"vendor", "vendor", "", Align::kLeft}, {"year", "year", ""},
      {"bf16 TF/s", "peak_bf16_flops_per_second", "TFLOP/s"}, {"fp8 TF/s", "peak_fp8_flops_per_second", "TFLOP/s"},
      {"memory", "memory_bytes", ""}, {"bandwidth", "memory_bandwidth_bytes_per_second", ""},
      {"scale-up", "scale_up_bytes_per_second", ""}, {"power", "tdp_watts", ""}};
  static const std::vector<Shown> kNodes = {
      {"node", "slug", "", Align::kLeft}, {"chip", "chip", "", Align::kLeft}, {"chips", "chips", ""},
      {"domain", "scale_up_domain_chips", ""}, {"NICs", "nics", ""}, {"per NIC", "nic_bytes_per_second", ""},
      {"power", "power_watts", ""}, {"USD", "price_usd", "USD"}, {"CNY", "price_cny", "CNY"}};
  static const std::vector<Shown> kNetwork = {
      {"kind", "category", "", Align::kLeft}, {"name", "name", "", Align::kLeft}, {"ports", "ports", ""},
      {"speed", "port_bytes_per_second", ""}, {"latency", "latency_seconds", ""}, {"power", "power_watts", ""},
      {"USD", "price_usd", "USD"}};
  static const std::vector<Shown> kPrices = {
      {"kind", "category", "", Align::kLeft}, {"item", "item", "", Align::kLeft},
      {"provider", "provider", "", Align::kLeft}, {"region", "region", "", Align::kLeft},
      {"value", "value", ""}, {"unit", "unit", "", Align::kLeft}, {"date", "date", "", Align::kLeft}};
  static const std::vector<Shown> kModels = {{"model", "slug", "", Align::kLeft}, {"name", "name", "", Align::kLeft}};
  static const std::vector<Shown> kStacks = {{"stack", "slug", "", Align::kLeft}, {"name", "name", "", Align::kLeft}, {"years", "years", "", Align::kLeft},
                                             {"measured runs", "runs", ""}, {"mean error", "error", ""}};
  if (section == "stacks") return kStacks;
  if (section == "chips") return kChips;
  if (section == "nodes") return kNodes;
  if (section == "network") return kNetwork;
  return section == "prices" ? kPrices : kModels;
}

std::vector<std::vector<Fact>> entries_of(const Catalog& catalog, std::string_view section) {
  if (section == "chips") return facts_of_all(catalog.chips());
  if (section == "nodes") return facts_of_all(catalog.nodes());
  if (section == "network") return facts_of_all(catalog.gear());
  if (section == "prices") return facts_of_all(catalog.prices());
  if (section == "models") return models(catalog);
  if (section == "stacks") return stacks(catalog);
  throw InputError(Problem{{}, 0, 0, "section",
                           fmt::format("unknown section \"{}\"{} Write one of: {}", section,
                                       nearest_name(section, sections()) ? did_you_mean(section, sections()) : ".",
                                       fmt::join(sections(), ", "))});
}

std::string summary(const Catalog& catalog, bool json) {
  Json out = document("summary");
  TextTable table({{"section"}, {"entries", Align::kRight}});
  for (const std::string& section : sections()) {
    const std::size_t count = entries_of(catalog, section).size();
    out.set(section, Json(count));
    table.add_row({section, std::to_string(count)});
  }
  if (json) return out.dump() + "\n";
  return table.str() + "\nsocle catalog chips lists a section, socle catalog show h100 one entry.\n";
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

std::string show_chip(const Catalog& catalog, std::string_view name, bool json) {
  const catalog::Chip chip = catalog.chip(name);
  const std::vector<Fact> facts = facts_of(chip);
  std::optional<BytesPerSecond> io;
  for (const catalog::ExportRecord& record : catalog.export_records()) {
    if (record.chip == chip.slug) io = record.io_bidirectional;
  }
  Json rules = Json::array();
  TextTable table({{"rule"}, {"from"}, {"to"}, {"verdict"}, {"because"}}, kPageWidth);
  for (const catalog::ExportVerdict& verdict :
       {catalog::export_class_2022_10(chip, io), catalog::export_class_2023_11(chip),
        catalog::export_class_2026_01(chip)}) {
    const std::string result(catalog::export_class_name(verdict.verdict));
    table.add_row({verdict.rule, verdict.effective, verdict.ends, result, verdict.reason});
    Json rule = Json::object();
    rule.set("rule", verdict.rule).set("from", verdict.effective).set("verdict", result).set("reason", verdict.reason);
    if (!verdict.ends.empty()) rule.set("to", verdict.ends);
    rules.push(std::move(rule));
  }
  if (!json) {
    return page_of(facts) + "\n" + table.str() + "\nExport classes are computed from the figures above; no legal advice.\n" +
           kLegend;
  }
  return document("chips").set("entry", json_of(facts).set("export", std::move(rules))).dump() + "\n";
}

std::string show_file(const Catalog& catalog, std::string_view section, std::string_view name, bool json) {
  const std::string path = fmt::format("{}/{}.toml", section, catalog.slug_of(section, name));
  const std::string text(catalog.text_of(path));
  return json ? document(section).set("path", path).set("toml", text).dump() + "\n" : text;
}

}  // namespace

Catalog load_catalog(const std::string& overlay_directory) {
  if (overlay_directory.empty()) return Catalog();
  std::vector<catalog::OverlayFile> files;
  for (const std::string& path : list_files(overlay_directory, ".toml")) {
    const std::string full = overlay_directory + "/" + path;
    files.push_back({path, read_file(full), full});
  }
  return Catalog(std::move(files));
}

std::string catalog_list(const Catalog& catalog, std::string_view section, bool json) {
  if (section.empty()) return summary(catalog, json);
  const std::vector<std::vector<Fact>> entries = entries_of(catalog, section);
  if (!json) return table_of(entries, columns_of(section));
  Json list = Json::array();
  for (const auto& facts : entries) list.push(json_of(facts));
  return document(section).set("entries", std::move(list)).dump() + "\n";
}

std::string catalog_show(const Catalog& catalog, std::string_view section, std::string_view name, bool json) {
  if (section == "chips") return show_chip(catalog, name, json);
  if (section == "models" || section == "stacks") return show_file(catalog, section, name, json);
  if (section == "nodes") {
    const std::vector<Fact> facts = facts_of(catalog.node(name));
    return json ? document("nodes").set("entry", json_of(facts)).dump() + "\n" : page_of(facts) + "\n" + kLegend;
  }
  if (section.empty()) {
    std::optional<InputError> refusal;
    for (const char* one : {"chips", "nodes", "models", "stacks"}) {
      try {
        return catalog_show(catalog, one, name, json);
      } catch (const InputError& error) {
        const std::string& message = error.problems().front().message;
        if (!message.starts_with("unknown")) throw;
        if (!refusal || message.find("did you mean") != std::string::npos) refusal = error;
      }
    }
    throw *refusal;
  }
  Json list = Json::array();
  std::string page;
  for (const auto& facts : entries_of(catalog, section)) {
    const std::string& entry = facts[1].text;
    if (edit_distance(name, entry) != 0) continue;
    page += page_of(facts) + "\n";
    list.push(json_of(facts));
  }
  if (page.empty()) {
    throw InputError(Problem{{}, 0, 0, "name", fmt::format("no entry of \"{}\" is called \"{}\"; `socle catalog {}` "
                                                           "lists them", section, name, section)});
  }
  return json ? document(section).set("entries", std::move(list)).dump() + "\n" : page + kLegend;
}

}  // namespace socle::api
