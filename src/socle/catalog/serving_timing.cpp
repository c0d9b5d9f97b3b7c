#include "socle/catalog/serving_timing.hpp"

#include <algorithm>
#include <cmath>

#include "socle/base/check.hpp"
#include "socle/base/toml_reader.hpp"

namespace socle::catalog {
namespace {

constexpr std::string_view kFallback = "vllm";

Seconds micro(const TomlTable& table, const char* key) {
  return Seconds{1e-6 * table.optional_real(key, 0.0, 1e7).value_or(0.0)};
}

TimingRange range(const TomlTable& table, const char* key) {
  const auto ends = table.optional_reals(key).value_or(std::vector<double>{});
  if (ends.size() == 2 && ends[0] > 0 && ends[0] <= 1 && ends[1] >= 1) return {ends[0], ends[1]};
  table.problem(key, "write the range as [low, high] with 0 < low <= 1 <= high");
  return {};
}

ServingTiming read_timing(const TomlTable& table) {
  ServingTiming timing;
  timing.chips = table.optional_strings("chips").value_or(std::vector<std::string>{});
  timing.measured = table.boolean_or("measured", false);
  timing.step = micro(table, "step_us");
  timing.per_sequence = micro(table, "per_sequence_us");
  timing.per_prompt = micro(table, "per_prompt_us");
  timing.request = micro(table, "request_us");
  timing.prompt_token = micro(table, "prompt_token_us");
  timing.edge = micro(table, "edge_us");
  timing.hidden_launch = micro(table, "hidden_launch_us");
  timing.eager_layer = micro(table, "eager_layer_us");
  timing.device_layer = micro(table, "device_layer_us");
  timing.expert_layer = micro(table, "expert_layer_us");
  timing.decode = table.optional_real("decode", 0.1, 10.0).value_or(1.0);
  timing.prefill = table.optional_real("prefill", 0.1, 10.0).value_or(1.0);
  timing.skew = table.optional_real("skew", 0.0, 2.0).value_or(0.0);
  timing.ttft = range(table, "ttft");
  timing.tpot = range(table, "tpot");
  return timing;
}

std::vector<ServingTiming> parse_timing(std::string_view text, const std::string& source) {
  const TomlDocument document = TomlDocument::parse(text, source);
  const TomlTable root = document.root();
  root.required_integer("schema", 1, 1);
  const std::string family = root.required_string("family"), from = root.required_string("source");
  std::vector<ServingTiming> all;
  for (const TomlTable& table : root.tables("timing")) {
    all.push_back(read_timing(table));
    all.back().family = family;
    all.back().source = from;
  }
  if (all.empty() || !all.back().chips.empty())
    root.problem("timing", "the last [[timing]] must hold for all other chips: without chips");
  document.finish();
  return all;
}

}  // namespace

std::vector<ServingTiming> measured_timings(const Catalog& catalog) {
  std::vector<ServingTiming> measured;
  for (const std::string& path : catalog.paths_under("timing/")) {
    for (ServingTiming& timing : parse_timing(catalog.text_of(path), catalog.source_of(path))) {
      if (timing.measured) measured.push_back(std::move(timing));
    }
  }
  return measured;
}

ServingTiming middle_timing(const std::vector<ServingTiming>& timings) {
  SOCLE_CHECK(!timings.empty(), "a middle is one of something");
  ServingTiming middle = timings.front();
  const double n = static_cast<double>(timings.size());
  const auto times = [&](Seconds ServingTiming::*field) {
    double sum = 0;
    for (const ServingTiming& t : timings) sum += std::log(std::max(1e-12, (t.*field).value()));
    middle.*field = Seconds{std::exp(sum / n)};
  };
  for (const auto field :
       {&ServingTiming::step, &ServingTiming::per_sequence, &ServingTiming::per_prompt, &ServingTiming::request,
        &ServingTiming::prompt_token, &ServingTiming::edge, &ServingTiming::hidden_launch, &ServingTiming::eager_layer,
        &ServingTiming::device_layer, &ServingTiming::expert_layer})
    times(field);
  const auto factors = [&](double ServingTiming::*field) {
    double sum = 0;
    for (const ServingTiming& t : timings) sum += std::log(std::max(1e-6, t.*field));
    middle.*field = std::exp(sum / n);
  };
  for (const auto field : {&ServingTiming::decode, &ServingTiming::prefill, &ServingTiming::skew}) factors(field);
  for (const auto range : {&ServingTiming::ttft, &ServingTiming::tpot}) {
    for (const ServingTiming& t : timings) {
      (middle.*range).low = std::min((middle.*range).low, (t.*range).low);
      (middle.*range).high = std::max((middle.*range).high, (t.*range).high);
    }
  }
  middle.measured = false;
  return middle;
}

std::vector<ServingTiming> family_timings(const Catalog& catalog, std::string_view family) {
  const auto path = [](std::string_view name) { return "timing/" + std::string(name) + ".toml"; };
  const std::string file = path(catalog.has(path(family)) ? family : kFallback);
  return parse_timing(catalog.text_of(file), catalog.source_of(file));
}

ServingTiming load_serving_timing(const Catalog& catalog, std::string_view family, std::string_view chip) {
  const std::vector<ServingTiming> all = family_timings(catalog, family);
  if (all.front().family != family) return all.back();  // another family's: its middle
  for (const ServingTiming& timing : all) {
    if (timing.chips.empty() || std::find(timing.chips.begin(), timing.chips.end(), chip) != timing.chips.end())
      return timing;
  }
  return all.back();
}

}  // namespace socle::catalog
