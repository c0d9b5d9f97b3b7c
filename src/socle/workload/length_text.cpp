#include "socle/workload/length_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/error.hpp"
#include "socle/base/json.hpp"
#include "socle/base/line_reader.hpp"
#include "socle/base/utf8.hpp"
#include "socle/workload/traces/csv_line.hpp"
#include "socle/workload/traces/generic_keys.hpp"
#include "socle/workload/traces/json_line.hpp"

namespace socle::workload {
namespace {

constexpr double kVariationMax = 20.0;

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_length(double value) { return value >= 1 && value <= kLengthMax && value == std::floor(value); }

[[noreturn]] void refuse(const std::string& source, int line, std::string message) {
  throw InputError(Problem{source, line, 0, {}, std::move(message)});
}

/// A length, or a refusal that says what stands there.
int length(double value, const std::string& what, const std::string& source, int line) {
  if (!is_length(value))
    refuse(source, line, fmt::format("{} = {} is not a whole number of tokens from 1 to {}", what, value, kLengthMax));
  return static_cast<int>(value);
}

LengthList from_json(const Json& json, const std::string& source) {
  LengthList list;
  if (!json.is_array())
    refuse(source, 0, "is JSON, but no array; write [12, 34] or [{\"prompt_len\": 12, \"output_len\": 34}]");
  const auto member = [&](const Json& element, const std::vector<std::string_view>& names, std::size_t index) {
    for (const std::string_view name : names) {
      const Json* found = element.find(name);
      if (found != nullptr && found->is_number())
        return length(found->as_double(), fmt::format("[{}].{}", index, name), source, 0);
    }
    refuse(source, 0, fmt::format("element [{}] has no number {}", index, fmt::join(names, " or ")));
  };
  const Json::Array& elements = json.as_array();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (elements[i].is_object()) {
      list.input.push_back(member(elements[i], input_names(), i));
      list.output.push_back(member(elements[i], output_names(), i));
    } else if (elements[i].is_number()) {
      list.input.push_back(length(elements[i].as_double(), fmt::format("[{}]", i), source, 0));
    } else {
      refuse(source, 0, fmt::format("element [{}] is neither a number nor an object", i));
    }
    if (!list.output.empty() && list.output.size() != list.input.size())
      refuse(source, 0, fmt::format("element [{}] is of another kind than those before it", i));
  }
  return list;
}

LengthList from_jsonl(LineReader lines) {
  LengthList list;
  JsonLine line;
  while (lines.next()) {
    if (lines.line().find_first_not_of(" \t") == std::string_view::npos) continue;
    try {
      line.parse(lines.line());
      const auto one = [&](const std::vector<std::string_view>& names) {
        const std::string key(line.one_of(names));
        if (key.empty()) refuse({}, 0, fmt::format("the line has no number {}", fmt::join(names, " or ")));
        return length(line.number(key), key, {}, 0);
      };
      list.input.push_back(one(input_names()));
      list.output.push_back(one(output_names()));
    } catch (const InputError& error) { refuse(lines.source(), lines.number(), error.problems().front().message); }
  }
  return list;
}

/// A number a line, with or without a header; or the columns of a CSV.
LengthList from_lines(LineReader lines) {
  LengthList list;
  CsvTraceTable table;
  std::optional<std::size_t> input, output;
  while (lines.next()) {
    if (lines.line().find_first_not_of(" \t") == std::string_view::npos) continue;
    try {
      const bool first = table.columns().empty();
      if (first) {
        const bool headless = number<double>(lines.line()).has_value();
        table.header(headless ? "length" : lines.line());
        input = table.columns().size() == 1 ? std::optional<std::size_t>(0) : table.column(input_names());
        output = table.column(output_names());
        if (!input || (table.columns().size() > 1 && !output))
          refuse({}, 0,
                 fmt::format("the first line is \"{}\"; write a length a line, or the columns input_tokens,"
                             "output_tokens",
                             printable(lines.line())));
        if (!headless) continue;
      }
      table.row(lines.line());
      list.input.push_back(length(table.number(*input), table.columns()[*input], {}, 0));
      if (output && *output != *input)
        list.output.push_back(length(table.number(*output), table.columns()[*output], {}, 0));
    } catch (const InputError& error) { refuse(lines.source(), lines.number(), error.problems().front().message); }
  }
  return list;
}

}  // namespace

bool names_length_file(std::string_view text) {
  return text.ends_with(".txt") || text.ends_with(".csv") || text.ends_with(".json") || text.ends_with(".jsonl");
}

Parsed<LengthLaw> parse_length_law(std::string_view text) {
  const std::string problem = fmt::format("write {}; lengths are whole numbers from 1 to {}", kLengthTexts, kLengthMax);
  constexpr std::string_view kLognormal = "lognormal ";
  if (text.starts_with(kLognormal)) {
    text.remove_prefix(kLognormal.size());
    const std::size_t blank = text.find(' ');
    const auto mean = number<double>(text.substr(0, blank));
    const auto variation = blank == std::string_view::npos ? std::nullopt : number<double>(text.substr(blank + 1));
    if (!mean || !variation || !(*mean >= 1 && *mean <= kLengthMax) ||
        !(*variation >= 0 && *variation <= kVariationMax))
      return {std::nullopt, problem + fmt::format("; variations are from 0 to {}", kVariationMax)};
    return {LengthLaw{.kind = LengthKind::kLognormal, .mean = *mean, .variation = *variation}, {}};
  }
  const std::size_t dash = text.find('-');
  const auto low = number<int>(text.substr(0, dash));
  const auto high = dash == std::string_view::npos ? low : number<int>(text.substr(dash + 1));
  if (!low || !high || !is_length(*low) || !is_length(*high)) return {std::nullopt, problem};
  if (*low > *high)
    return {std::nullopt, fmt::format("{}-{} is a range from more to less; write {}-{}", *low, *high, *high, *low)};
  if (*low == *high) return {LengthLaw{.kind = LengthKind::kFixed, .mean = static_cast<double>(*low)}, {}};
  return {LengthLaw{.kind = LengthKind::kUniform, .low = *low, .high = *high}, {}};
}

LengthList read_length_list(std::string_view text, const std::string& source) {
  LengthList list;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '[') {
    list = from_json(parse_json(text, source), source);
  } else {
    LineReader lines(std::make_unique<std::istringstream>(std::string(text)), source);
    const bool objects = first != std::string_view::npos && text[first] == '{';
    list = objects ? from_jsonl(std::move(lines)) : from_lines(std::move(lines));
  }
  if (list.input.empty()) refuse(source, 0, "holds no length; write one a line");
  return list;
}

}  // namespace socle::workload
