#include "socle/catalog/assumed_fact.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/split_list.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"

namespace socle::catalog {
namespace {

/// `set` sets one fact from text and returns what is wrong with the text; `text` says what a chip has.
struct Fact {
  std::string key;
  std::string (*set)(const std::string& text, Chip& chip);
  std::string (*text)(const Chip& chip);
};

template <typename T>
std::string take(const std::string& text, std::optional<T>& fact) {
  const Parsed<T> parsed = parse_unit_text<T>(text);
  if (!parsed.value) return parsed.problem;
  if (!(*parsed.value > T{})) return fmt::format("it is zero; write {}", accepted_unit_text<T>());
  fact = parsed.value;
  return {};
}

template <PeakFormat format>
std::string take_peak(const std::string& text, Chip& chip) {
  return take(text, chip.peak[static_cast<std::size_t>(format)]);
}

std::string take_memory(const std::string& text, Chip& chip) {
  std::string problem = take(text, chip.memory);
  if (problem.empty()) {
    chip.memory = stated_memory(*chip.memory, text);
    chip.memory_usable.reset();
  }
  return problem;
}

template <PeakFormat format>
std::string peak_text(const Chip& chip) {
  return chip.peak_of(format) ? format_flops_per_second(*chip.peak_of(format)) : "";
}

const std::vector<Fact>& facts() {
  static const std::vector<Fact> list = {
      {"memory", take_memory, [](const Chip& chip) { return chip.memory ? format_bytes(*chip.memory) : ""; }},
      {"memory_bandwidth", [](const std::string& text, Chip& chip) { return take(text, chip.memory_bandwidth); },
       [](const Chip& chip) { return chip.memory_bandwidth ? format_bytes_per_second(*chip.memory_bandwidth) : ""; }},
      {"bf16", take_peak<PeakFormat::kBf16>, peak_text<PeakFormat::kBf16>},
      {"fp16", take_peak<PeakFormat::kFp16>, peak_text<PeakFormat::kFp16>},
      {"fp8", take_peak<PeakFormat::kFp8>, peak_text<PeakFormat::kFp8>},
      {"int8", take_peak<PeakFormat::kInt8>, peak_text<PeakFormat::kInt8>},
      {"scale_up", [](const std::string& text, Chip& chip) { return take(text, chip.scale_up_bandwidth); },
       [](const Chip& chip) {
         return chip.scale_up_bandwidth ? format_bytes_per_second(*chip.scale_up_bandwidth) : "";
       }},
      {"power", [](const std::string& text, Chip& chip) { return take(text, chip.tdp); },
       [](const Chip& chip) { return chip.tdp ? format_watts(*chip.tdp) : ""; }}};
  return list;
}

const Fact* find(std::string_view key) {
  const auto found = std::find_if(facts().begin(), facts().end(), [&](const Fact& fact) { return fact.key == key; });
  return found == facts().end() ? nullptr : &*found;
}

std::string unquoted(std::string text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

std::string problem_of(const std::string& part, AssumedFact& fact) {
  const std::size_t equals = part.find('=');
  const std::size_t dot = part.rfind('.', equals);
  if (equals == std::string::npos || dot == std::string::npos || dot == 0)
    return fmt::format("\"{}\": write CHIP.FACT=VALUE, such as kunlunxin-p800.memory=\"64 GB\"", printable(part));
  const auto trimmed = [](std::string text) {
    text.erase(0, text.find_first_not_of(' '));
    return text.erase(text.find_last_not_of(' ') + 1);
  };
  fact = {trimmed(part.substr(0, dot)), trimmed(part.substr(dot + 1, equals - dot - 1)),
          unquoted(trimmed(part.substr(equals + 1)))};
  const Fact* known = find(fact.key);
  if (known == nullptr)
    return fmt::format("\"{}\" is no fact that can be assumed; write one of {}{}", printable(fact.key),
                       fmt::join(assumable_keys(), ", "), did_you_mean(fact.key, assumable_keys()));
  Chip unused;
  const std::string problem = known->set(fact.value, unused);
  return problem.empty() ? problem : fmt::format("{}.{}: {}", printable(fact.chip), fact.key, problem);
}

}  // namespace

const std::vector<std::string>& assumable_keys() {
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> list;
    for (const Fact& fact : facts()) list.push_back(fact.key);
    return list;
  }();
  return keys;
}

std::vector<AssumedFact> parse_assumed_facts(std::string_view text) {
  std::vector<AssumedFact> list;
  Problems problems;
  for (const std::string& part : split_list(std::string(text))) {
    AssumedFact fact;
    const std::string problem = problem_of(part, fact);
    if (!problem.empty()) problems.add({{}, 0, 0, "assume", "--assume: " + problem});
    list.push_back(std::move(fact));
  }
  problems.throw_if_any();
  return list;
}

Chip with_fact(Chip chip, const AssumedFact& fact) {
  find(fact.key)->set(fact.value, chip);
  return chip;
}

std::string fact_text(const Chip& chip, std::string_view key) { return find(key)->text(chip); }

std::string not_public(const Chip& chip) {
  const std::vector<std::string> missing = missing_facts(chip);
  std::string suppose;
  for (const std::string& fact : missing)
    suppose += fmt::format("{}{}.{}=VALUE", suppose.empty() ? "" : ",", chip.slug, fact);
  return fmt::format("not public: {}; suppose values with --assume {}", fmt::join(missing, ", "), suppose);
}

std::vector<std::string> missing_facts(const Chip& chip) {
  std::vector<std::string> missing;
  if (!chip.memory) missing.push_back("memory");
  if (!chip.memory_bandwidth) missing.push_back("memory_bandwidth");
  const auto has = [&](PeakFormat format) { return chip.peak_of(format).has_value(); };
  if (!has(PeakFormat::kBf16) && !has(PeakFormat::kFp16) && !has(PeakFormat::kFp8)) missing.push_back("bf16");
  if (chip.torus && !chip.scale_up_bandwidth) missing.push_back("scale_up");
  return missing;
}

}  // namespace socle::catalog
