#include "socle/report/catalog/catalog_facts.hpp"

#include <initializer_list>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/unit_text.hpp"
#include "socle/catalog/trust.hpp"
#include "socle/report/model/model_words.hpp"

namespace socle::report {
namespace {

using catalog::Provenance;
using Words = std::initializer_list<std::string_view>;

/// Collects facts of one entry under one provenance.
class Facts {
 public:
  explicit Facts(const Provenance& provenance) : provenance_(provenance) {}

  void text(std::string name, std::string key, const std::string& value) {
    list_.push_back({std::move(name), value, std::move(key), value.empty() ? Json() : Json(value), false});
  }
  /// A number that nobody doubts.
  void count(std::string name, std::string key, const std::optional<int>& value) {
    list_.push_back(
        {std::move(name), value ? std::to_string(*value) : "", std::move(key), value ? Json(*value) : Json(), false});
  }
  template <typename T, typename Format>
  void figure(std::string name, std::string key, const std::optional<T>& value, Format format, Words words) {
    Fact fact{std::move(name), {}, std::move(key), Json(), false};
    if (value) {
      fact.text = format(*value);
      if constexpr (requires { value->value(); })
        fact.value = Json(value->value());
      else
        fact.value = Json(*value);
      fact.doubtful = catalog::doubtful(provenance_, words);
    }
    list_.push_back(std::move(fact));
  }
  void price(std::string name, std::string key, const std::optional<Money>& value, const std::string& source) {
    Fact fact{std::move(name), {}, std::move(key), Json(), false};
    if (value) {
      fact.text = format_money(*value);
      fact.value = Json(value->amount);
      fact.doubtful = catalog::doubtful(provenance_, {"price"}) || source.find("recall") != std::string::npos ||
                      source.find("estimate") != std::string::npos;
    }
    list_.push_back(std::move(fact));
  }
  void torus(const catalog::Torus& torus) {
    std::string text = torus.dimensions == 2
                           ? fmt::format("two dimensions; a side of {} closes to a ring", torus.closes_at)
                           : fmt::format("three dimensions; cubes of {0}x{0}x{0} close every side", torus.closes_at);
    Json value(text);
    list_.push_back({"scale-up torus", std::move(text), "scale_up_torus", std::move(value),
                     torus.checked.find("recall") != std::string::npos});
    this->text("torus source", "scale_up_torus_source", torus.source);
  }
  std::vector<Fact> take() {
    text("source", "source", provenance_.source);
    text("confidence", "confidence", provenance_.confidence);
    text("checked", "checked", provenance_.checked);
    text("notes", "notes", provenance_.notes);
    return std::move(list_);
  }

 private:
  const Provenance& provenance_;
  std::vector<Fact> list_;
};

std::string whole(int value) { return std::to_string(value); }
std::string plain(double value) { return format_number(value); }
std::string rate(FlopsPerSecond value) { return format_number(value.value() / 1e12) + " TFLOP/s"; }
std::string chip_memory(Bytes stated) { return format_bytes_binary(catalog::visible_memory(stated)); }

std::optional<Money> money(const std::optional<double>& amount, Currency currency) {
  return amount ? std::optional<Money>(Money{*amount, currency}) : std::nullopt;
}

}  // namespace

std::vector<Fact> facts_of(const catalog::Chip& chip) {
  using catalog::PeakFormat;
  Facts facts(chip.provenance);
  facts.text("slug", "slug", chip.slug);
  facts.text("name", "name", chip.name);
  facts.text("vendor", "vendor", chip.vendor);
  facts.text("country", "country", chip.country);
  facts.count("year", "year", chip.year);
  facts.text("status", "status", chip.status);
  facts.figure("process (nm)", "process_nm", chip.process_nm, plain, {"process"});
  facts.figure("die area (mm2)", "die_area_mm2", chip.die_area_mm2, plain, {"die", "mm2"});
  const auto peak = [&](const char* name, PeakFormat format, Words words) {
    facts.figure(std::string("peak ") + name, std::string("peak_") + name + "_flops_per_second", chip.peak_of(format),
                 rate, words);
  };
  peak("fp64", PeakFormat::kFp64, {"fp64", "peaks"});
  peak("fp32", PeakFormat::kFp32, {"fp32", "FP32", "peaks"});
  peak("tf32", PeakFormat::kTf32, {"tf32", "peaks"});
  peak("bf16", PeakFormat::kBf16, {"bf16", "fp16", "FP16", "peaks"});
  peak("fp16", PeakFormat::kFp16, {"fp16", "bf16", "FP16", "peaks"});
  peak("fp8", PeakFormat::kFp8, {"fp8", "FP8", "peaks"});
  peak("int8", PeakFormat::kInt8, {"int8", "INT8", "peaks"});
  peak("fp4", PeakFormat::kFp4, {"fp4", "FP4", "NVFP4", "peaks"});
  facts.figure("memory", "memory_bytes", chip.memory, chip_memory, {"mem", "memory", "GB"});
  facts.figure("memory that programs can have", "memory_usable_bytes", chip.memory_usable, format_bytes_binary,
               {"usable"});
  facts.text("memory type", "memory_type", chip.memory_type);
  facts.figure("memory bandwidth", "memory_bandwidth_bytes_per_second", chip.memory_bandwidth, format_bytes_per_second,
               {"mem", "bw", "bandwidth", "GB/s", "TB/s"});
  facts.figure("L2 cache", "l2_bytes", chip.l2, format_bytes, {"l2", "sram"});
  facts.text("scale-up link", "scale_up_link", chip.scale_up_link);
  facts.figure("scale-up bandwidth, per direction", "scale_up_bytes_per_second", chip.scale_up_bandwidth,
               format_bytes_per_second, {"link", "ici", "bidir"});
  facts.figure("scale-up domain (chips)", "scale_up_domain_chips", chip.scale_up_domain, whole, {"domain", "link"});
  if (chip.torus) facts.torus(*chip.torus);
  facts.figure("rated power", "tdp_watts", chip.tdp, format_watts, {"tdp", "W", "power"});
  facts.text("host interface", "host_interface", chip.host_interface);
  facts.figure("all links, both directions", "all_links_bytes_per_second", chip.all_links, format_bytes_per_second,
               {"link", "links", "bidir"});
  facts.text("software", "software", chip.software);
  facts.price("price in USD", "price_usd", money(chip.price_usd, Currency::kUsd), chip.price_source);
  facts.price("price in CNY", "price_cny", money(chip.price_cny, Currency::kCny), chip.price_source);
  facts.text("price source", "price_source", chip.price_source);
  return facts.take();
}

std::vector<Fact> facts_of(const catalog::Node& node) {
  Facts facts(node.provenance);
  facts.text("slug", "slug", node.slug);
  facts.text("name", "name", node.name);
  facts.text("vendor", "vendor", node.vendor);
  facts.text("chip", "chip", node.chip);
  facts.figure("chips", "chips", std::optional<int>(node.chips), whole, {"chips", "cards"});
  facts.figure("scale-up domain (chips)", "scale_up_domain_chips", node.scale_up_domain, whole, {"domain", "link"});
  facts.text("scale-up", "scale_up_note", node.scale_up_note);
  facts.figure("NICs", "nics", node.nics, whole, {"nic", "nics"});
  facts.figure("NIC bandwidth, per direction", "nic_bytes_per_second", node.nic_bandwidth, format_bits_per_second,
               {"nic", "nics"});
  facts.text("NIC", "nic_type", node.nic_type);
  facts.figure("power", "power_watts", node.power, format_watts, {"power", "kW"});
  facts.text("CPU", "cpu", node.cpu);
  facts.figure("host memory", "host_memory_bytes", node.host_memory, format_bytes, {"mem"});
  facts.text("cooling", "cooling", node.cooling);
  facts.price("price in USD", "price_usd", money(node.price_usd, Currency::kUsd), node.price_source);
  facts.price("price in CNY", "price_cny", money(node.price_cny, Currency::kCny), node.price_source);
  facts.text("price source", "price_source", node.price_source);
  return facts.take();
}

std::vector<Fact> facts_of(const catalog::NetworkGear& gear) {
  Facts facts(gear.provenance);
  facts.text("category", "category", gear.category);
  facts.text("name", "name", gear.name);
  facts.text("vendor", "vendor", gear.vendor);
  facts.count("year", "year", gear.year);
  facts.figure("capacity", "capacity_bytes_per_second", gear.capacity, format_bits_per_second, {"capacity"});
  facts.figure("ports", "ports", gear.ports, whole, {"ports"});
  facts.figure("port speed", "port_bytes_per_second", gear.port_speed, format_bits_per_second, {"ports", "speed"});
  facts.figure("buffer", "buffer_bytes", gear.buffer, format_bytes, {"buffer"});
  facts.figure("latency", "latency_seconds", gear.latency, format_seconds, {"latency"});
  facts.figure("power", "power_watts", gear.power, format_watts, {"power"});
  const bool yuan = gear.price && gear.price->currency == Currency::kCny;
  facts.price("price", yuan ? "price_cny" : "price_usd", gear.price, gear.price_source);
  facts.text("price source", "price_source", gear.price_source);
  facts.text("price date", "price_date", gear.price_date);
  facts.figure("reach (m)", "reach_m", gear.reach_m, plain, {"reach"});
  return facts.take();
}

std::vector<Fact> facts_of(const catalog::Price& price) {
  Facts facts(price.provenance);
  facts.text("category", "category", price.category);
  facts.text("item", "item", price.item);
  facts.text("provider", "provider", price.provider);
  facts.text("region", "region", price.region);
  facts.text("term", "term", price.term);
  facts.figure("value", "value", price.value, plain, {"value", "price"});
  facts.text("in words", "text", price.text);
  facts.text("unit", "unit", price.unit);
  facts.text("date", "date", price.date);
  return facts.take();
}

std::vector<Fact> facts_of(const answer::NamedEntry& entry) {
  return {{"slug", entry.slug, "slug", Json(entry.slug), false}, {"name", entry.name, "name", Json(entry.name), false}};
}

std::vector<Fact> facts_of(const answer::ModelEntry& m) {
  std::vector<Fact> facts = facts_of(answer::NamedEntry{m.slug, m.name});
  facts.push_back({"parameters", parameters_words(m.parameters), "parameters", Json(m.parameters), false});
  facts.push_back({"active", parameters_words(m.active), "parameters_active", Json(m.active), false});
  facts.push_back({"layers", whole(m.layers), "layers", Json(m.layers), false});
  facts.push_back({"width", whole(m.hidden), "hidden", Json(m.hidden), false});
  facts.push_back(
      {"context", m.context > 0 ? whole(m.context) : "", "context", m.context > 0 ? Json(m.context) : Json(), false});
  return facts;
}

namespace {

/// What rules of exports and of data have both.
template <typename Rule>
Facts rule_facts(const Rule& rule, const std::string& scope) {
  Facts facts(rule.provenance);
  facts.text("rule", "id", rule.id);
  facts.text("from", "effective", rule.effective);
  facts.text("to", "ends", rule.ends);
  facts.text("instrument", "instrument", rule.instrument);
  facts.text("scope", "scope", scope);
  facts.text("test", "test", rule.test);
  return facts;
}

}  // namespace

std::vector<Fact> facts_of(const catalog::ExportRule& rule) {
  Facts facts = rule_facts(rule, rule.scope);
  facts.text("threshold", "threshold", rule.threshold);
  facts.text("effect", "effect", rule.effect);
  return facts.take();
}

std::vector<Fact> facts_of(const catalog::DataRule& rule) {
  Facts facts = rule_facts(rule, "data that leaves");
  facts.text("effect", "effect", rule.means);
  return facts.take();
}

std::vector<Fact> facts_of(const catalog::Site& site) {
  Facts facts(site.provenance);
  facts.text("slug", "slug", site.slug);
  facts.text("place", "place", site.place);
  facts.text("operator", "operator", site.operator_name);
  facts.figure("latitude, degrees north", "latitude_degrees", std::optional(site.latitude), plain, {"coordinates"});
  facts.figure("longitude, degrees east", "longitude_degrees", std::optional(site.longitude), plain, {"coordinates"});
  facts.count("sites with a round trip", "round_trips_known", static_cast<int>(site.round_trips.size()));
  facts.text("measured", "date", site.date);
  return facts.take();
}

std::vector<Fact> facts_of(const answer::FoundEntry& entry) {
  return {{"section", entry.section, "section", Json(entry.section), false},
          {"name", entry.name, "name", Json(entry.name), false},
          {"about", entry.about, "about", Json(entry.about), false}};
}

std::vector<Fact> facts_of(const catalog::Stack& stack) {
  const std::string years = stack.to_year == 9999 ? fmt::format("since {}", stack.from_year)
                                                  : fmt::format("{}-{}", stack.from_year, stack.to_year);
  const std::string error = stack.runs > 0 ? format_percent(stack.error) : "unmeasured";
  const std::string plausible =
      fmt::format("{}{}", fmt::join(stack.plausible_on, ", "), stack.adapters_only ? " for jobs of adapters" : "");
  const std::string lacks = fmt::format("{}", fmt::join(stack.lacks, ", "));
  return {{"slug", stack.slug, "slug", Json(stack.slug), false},
          {"name", stack.name, "name", Json(stack.name), false},
          {"family", stack.family, "family", Json(stack.family), false},
          {"years", years, "years", Json(years), false},
          {"plausible on", plausible, "plausible_on", Json(plausible), false},
          {"lacks", lacks, "lacks", Json(lacks), false},
          {"source", stack.provenance.source, "source", Json(stack.provenance.source), false},
          {"runs", std::to_string(stack.runs), "runs", Json(stack.runs), false},
          {"error", error, "error", stack.runs > 0 ? Json(stack.error) : Json(), stack.runs == 0}};
}

std::vector<Fact> facts_of(const catalog::Engine& engine) {
  const catalog::ShareDefault& share = engine.memory.share_default;
  const bool by_rule = share.reserve > Bytes{} || !share.by_tp.empty();
  const std::string value = by_rule ? "by rule" : plain(share.value);
  const auto word = [](std::string_view text) { return std::string(text); };
  const std::string policy = word(policy_name(engine.policy)), when_full = word(preemption_name(engine.preemption)),
                    share_is = word(share_name(engine.memory.share));
  return {{"slug", engine.slug, "slug", Json(engine.slug), false},
          {"name", engine.name, "name", Json(engine.name), false},
          {"policy", policy, "policy", Json(policy), false},
          {"block", whole(engine.block_tokens), "block_tokens", Json(engine.block_tokens), false},
          {"when full", when_full, "preemption", Json(when_full), false},
          {"share of memory", share_is + " " + value, "share_text", Json(), false},
          {"share", share_is, "share_name", Json(share_is), false},
          {"default", value, "share_default", by_rule ? Json() : Json(share.value), false}};
}

Json json_of(const std::vector<Fact>& facts) {
  Json object = Json::object();
  Json doubts = Json::array();
  for (const Fact& fact : facts) {
    if (fact.value.is_null()) continue;
    object.set(fact.key, fact.value);
    if (fact.doubtful) doubts.push(Json(fact.key));
  }
  object.set("doubtful", std::move(doubts));
  return object;
}

}  // namespace socle::report
