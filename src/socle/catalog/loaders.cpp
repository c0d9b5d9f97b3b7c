#include "socle/catalog/loaders.hpp"

#include <fmt/format.h>

#include "socle/base/toml_reader.hpp"

namespace socle::catalog {
namespace {

constexpr double kUnbounded = 1e300;
constexpr int kCountMax = 1'000'000;
constexpr const char* kPeakKeys[kPeakFormats] = {"fp64", "fp32", "tf32", "bf16", "fp16", "fp8", "int8", "fp4"};

std::optional<int> count(const TomlTable& table, std::string_view key) {
  const auto value = table.optional_integer(key, 1, kCountMax);
  return value ? std::optional<int>(static_cast<int>(*value)) : std::nullopt;
}

std::optional<int> year(const TomlTable& table) {
  const auto value = table.optional_integer("year", 1990, 2100);
  return value ? std::optional<int>(static_cast<int>(*value)) : std::nullopt;
}

/// A figure that is known is more than zero; what is unknown is left out.
template <typename T>
std::optional<T> positive(const TomlTable& table, std::string_view key) {
  const std::optional<T> value = table.optional_quantity<T>(key);
  if (!value || *value > T{0.0}) return value;
  table.problem(key, fmt::format("{} is zero; leave out what is not known", key));
  return std::nullopt;
}

std::optional<double> price_in(const TomlTable& table, std::string_view key, Currency currency) {
  const std::optional<Money> money = table.optional_quantity<Money>(key);
  if (!money) return std::nullopt;
  if (money->currency == currency) return money->amount;
  table.problem(
      key, fmt::format("{} must be in {}, and an independent quote, not a conversion", key, currency_name(currency)));
  return std::nullopt;
}

Provenance provenance_of(const TomlTable& table) {
  static const std::vector<std::string> kConfidence = {"datasheet", "reported", "estimate"};
  Provenance provenance;
  provenance.source = table.required_string("source");
  const auto index = table.optional_choice("confidence", kConfidence);
  provenance.confidence = kConfidence[static_cast<std::size_t>(index.value_or(2))];
  provenance.checked = table.string_or("checked", "");
  provenance.notes = table.string_or("notes", "");
  return provenance;
}

template <typename Part>
void read_prices(const TomlTable& root, Part& part) {
  const auto price = root.optional_table("price");
  if (!price) return;
  part.price_usd = price_in(*price, "usd", Currency::kUsd);
  part.price_cny = price_in(*price, "cny", Currency::kCny);
  part.price_source = price->string_or("source", "");
}

}  // namespace

Chip load_chip(std::string_view text, const std::string& source_name, const std::string& slug) {
  const TomlDocument document = TomlDocument::parse(text, source_name);
  const TomlTable root = document.root();
  Chip chip;
  chip.slug = slug;
  chip.name = root.required_string("name");
  root.optional_strings("aliases");
  chip.vendor = root.required_string("vendor");
  chip.country = root.string_or("country", "");
  chip.status = root.string_or("status", "");
  chip.year = year(root);
  chip.process_nm = root.optional_real("process_nm", 0.1, 1000);
  chip.die_area_mm2 = root.optional_real("die_area_mm2", 1, 1e6);
  chip.tdp = positive<Watts>(root, "tdp");
  chip.host_interface = root.string_or("host_interface", "");
  chip.all_links = positive<BytesPerSecond>(root, "all_links");
  chip.datacenter_marketed = root.boolean_or("datacenter_marketed", true);
  chip.software = root.string_or("software", "");
  if (const auto peak = root.optional_table("peak")) {
    for (std::size_t i = 0; i < kPeakFormats; ++i) chip.peak[i] = positive<FlopsPerSecond>(*peak, kPeakKeys[i]);
  }
  if (const auto memory = root.optional_table("memory")) {
    chip.memory = positive<Bytes>(*memory, "capacity");
    if (chip.memory) chip.memory = stated_memory(*chip.memory, memory->string_or("capacity", ""));
    chip.memory_usable = positive<Bytes>(*memory, "usable");
    chip.memory_type = memory->string_or("type", "");
    chip.memory_bandwidth = positive<BytesPerSecond>(*memory, "bandwidth");
    chip.l2 = positive<Bytes>(*memory, "l2");
  }
  if (const auto scale_up = root.optional_table("scale_up")) {
    chip.scale_up_link = scale_up->string_or("link", "");
    chip.scale_up_bandwidth = positive<BytesPerSecond>(*scale_up, "bandwidth");
    chip.scale_up_domain = count(*scale_up, "domain");
    if (const auto torus = scale_up->optional_table("torus")) {
      chip.torus = Torus{.dimensions = static_cast<int>(torus->required_integer("dimensions", 2, 3)),
                         .closes_at = static_cast<int>(torus->required_integer("closes_at", 3, kCountMax)),
                         .source = torus->required_string("source"),
                         .checked = torus->string_or("checked", "")};
    }
  }
  read_prices(root, chip);
  chip.provenance = provenance_of(root.required_table("provenance"));
  document.finish();
  return chip;
}

Node load_node(std::string_view text, const std::string& source_name, const std::string& slug) {
  const TomlDocument document = TomlDocument::parse(text, source_name);
  const TomlTable root = document.root();
  Node node;
  node.slug = slug;
  node.name = root.required_string("name");
  root.optional_strings("aliases");
  node.vendor = root.string_or("vendor", "");
  node.chip = root.required_string("chip");
  node.chips = static_cast<int>(root.required_integer("chips", 1, kCountMax));
  node.power = positive<Watts>(root, "power");
  node.cpu = root.string_or("cpu", "");
  node.host_memory = positive<Bytes>(root, "host_memory");
  node.cooling = root.string_or("cooling", "");
  if (const auto scale_up = root.optional_table("scale_up")) {
    node.scale_up_domain = count(*scale_up, "domain");
    node.scale_up_note = scale_up->string_or("note", "");
  }
  if (const auto nic = root.optional_table("nic")) {
    node.nics = count(*nic, "count");
    node.nic_bandwidth = positive<BytesPerSecond>(*nic, "bandwidth");
    node.nic_type = nic->string_or("type", "");
  }
  read_prices(root, node);
  node.provenance = provenance_of(root.required_table("provenance"));
  document.finish();
  return node;
}

std::vector<NetworkGear> load_gear(std::string_view text, const std::string& source_name) {
  const TomlDocument document = TomlDocument::parse(text, source_name);
  const std::string category = document.root().required_string("category");
  std::vector<NetworkGear> list;
  for (const TomlTable& table : document.root().tables("gear")) {
    NetworkGear gear;
    gear.category = category;
    gear.name = table.required_string("name");
    gear.vendor = table.string_or("vendor", "");
    gear.year = year(table);
    gear.capacity = positive<BytesPerSecond>(table, "capacity");
    gear.ports = count(table, "ports");
    gear.port_speed = positive<BytesPerSecond>(table, "port_speed");
    gear.buffer = positive<Bytes>(table, "buffer");
    gear.latency = positive<Seconds>(table, "latency");
    gear.power = positive<Watts>(table, "power");
    gear.price = table.optional_quantity<Money>("price");
    gear.price_source = table.string_or("price_source", "");
    gear.price_date = table.string_or("price_date", "");
    gear.reach_m = table.optional_real("reach_m", 0, 1e9);
    gear.provenance = provenance_of(table);
    list.push_back(std::move(gear));
  }
  document.finish();
  return list;
}

const std::vector<ColumnFacts>& price_keys() {
  static const std::vector<ColumnFacts> keys = {
      {"item", "a text", "What is priced", true},
      {"chip", "a text", "Slug of the chip that is rented, such as h100-sxm"},
      {"provider", "a text", "Who sells it; for prices of category network, the name of the list"},
      {"region", "a text", "Where, such as CN"},
      {"term", "a text", "On which terms, such as \"1 year reserved\""},
      {"value", "a number", "In the unit; left out when the source gives words"},
      {"text", "a text", "Those words, such as \"+30-40 %\""},
      {"unit", "a text", "Such as usd/chip-hour, cny/kWh, usd/card, ratio"},
      {"date", "a text", "As precise as the source: 2026, 2026-03 or 2026-03-17"},
      {"source", "a text", "Where the figure stands", true},
      {"confidence", "datasheet, reported or estimate", "How sure it is; default estimate"},
      {"checked", "a text", "Seen, or recall: from memory"},
      {"notes", "a text", "Anything else"}};
  return keys;
}

std::vector<Price> load_prices(std::string_view text, const std::string& source_name) {
  const TomlDocument document = TomlDocument::parse(text, source_name);
  const std::string category = document.root().required_string("category");
  std::vector<Price> list;
  for (const TomlTable& table : document.root().tables("price")) {
    Price price;
    price.category = category;
    price.item = table.required_string("item");
    price.chip = table.string_or("chip", "");
    price.provider = table.string_or("provider", "");
    price.region = table.string_or("region", "");
    price.term = table.string_or("term", "");
    price.value = table.optional_real("value", -kUnbounded, kUnbounded);
    price.text = table.string_or("text", "");
    price.unit = table.string_or("unit", "");
    price.date = table.string_or("date", "");
    price.provenance = provenance_of(table);
    list.push_back(std::move(price));
  }
  document.finish();
  return list;
}

std::vector<ExportRule> load_export_rules(std::string_view text, const std::string& source_name) {
  const TomlDocument document = TomlDocument::parse(text, source_name);
  std::vector<ExportRule> list;
  for (const TomlTable& table : document.root().tables("rule")) {
    list.push_back({table.required_string("id"), table.required_string("effective"), table.string_or("ends", ""),
                    table.required_string("instrument"), table.required_string("scope"), table.required_string("test"),
                    table.string_or("threshold", ""), table.string_or("effect", ""), provenance_of(table)});
  }
  document.finish();
  return list;
}

std::vector<ExportRecord> load_export_records(std::string_view text, const std::string& source_name) {
  const TomlDocument document = TomlDocument::parse(text, source_name);
  std::vector<ExportRecord> list;
  for (const TomlTable& table : document.root().tables("record")) {
    ExportRecord record;
    record.chip = table.required_string("chip");
    record.tpp = table.optional_real("tpp", 0, kUnbounded);
    record.tpp_format = table.string_or("tpp_format", "");
    record.performance_density = table.optional_real("performance_density", 0, kUnbounded);
    record.rule_2022_10 = table.string_or("rule_2022_10", "");
    record.rule_2023_11 = table.string_or("rule_2023_11", "");
    record.letter_2025_04 = table.string_or("letter_2025_04", "");
    record.rule_2026_01 = table.string_or("rule_2026_01", "");
    record.tariff_2026_01 = table.string_or("tariff_2026_01", "");
    record.prc_chip_guidance = table.string_or("prc_chip_guidance", "");
    record.status_2026_06 = table.string_or("status_2026_06", "");
    record.confidence = table.string_or("confidence", "");
    list.push_back(std::move(record));
  }
  document.finish();
  return list;
}

std::vector<std::string> load_names(std::string_view text, const std::string& source_name) {
  const TomlDocument document = TomlDocument::parse(text, source_name);
  std::vector<std::string> names = {document.root().string_or("name", "")};
  for (const std::string& alias : document.root().optional_strings("aliases").value_or(std::vector<std::string>())) {
    names.push_back(alias);
  }
  return names;
}

}  // namespace socle::catalog
