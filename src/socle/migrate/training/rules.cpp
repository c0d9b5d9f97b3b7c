#include "socle/migrate/training/rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "socle/base/csv.hpp"
#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"
#include "socle/migrate/training/framework.hpp"

namespace socle::migrate {
namespace {

constexpr const char* kPack = "compat/training-rules.csv";

std::vector<std::string> split(std::string_view text, std::string_view by) {
  std::vector<std::string> list;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(by), text.size());
    if (end > 0) list.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + by.size(), text.size()));
  }
  return list;
}

/// The value of the column, by the names of all that it may have.
template <typename Value>
Value one_of(const CsvTable& table, std::size_t row, const char* column, Value last, const char* (*name_of)(Value)) {
  std::string all;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const char* const name = name_of(static_cast<Value>(i));
    if (table.cell(row, column) == name) return static_cast<Value>(i);
    all += fmt::format("{}{}", i > 0 ? ", " : "", name);
  }
  throw InputError(Problem{
      table.source(), table.line(row), 0, column,
      fmt::format("{} = \"{}\" is not known here; write one of {}", column, printable(table.cell(row, column)), all)});
}

bool on_platform(std::string_view pattern, std::string_view platform) {
  if (pattern.empty()) return true;
  const bool none = pattern.front() == '!';
  if (none) pattern.remove_prefix(1);
  const std::vector<std::string> keys = split(pattern, " ");
  return (std::find(keys.begin(), keys.end(), platform) != keys.end()) != none;
}

bool names(std::string_view pattern, std::string_view item) {
  if (pattern.ends_with('*')) return item.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == item;
}

bool is_given(std::string_view need, const JobRecord& record, bool environment) {
  const std::size_t sign = need.find('=');
  const std::string_view name = need.substr(0, sign);
  if (environment) {
    return std::any_of(record.environment.begin(), record.environment.end(),
                       [&](const Argument& one) { return one.name == name; });
  }
  if (!record.has(name) && !record.setting(name)) return false;
  return sign == std::string_view::npos || record.value(name) == need.substr(sign + 1);
}

bool has_what_it_needs(const TrainingRule& rule, const JobRecord& record) {
  return std::all_of(rule.needs.begin(), rule.needs.end(), [&](const std::string& need) {
    return need[0] == '!' ? !is_given(std::string_view(need).substr(1), record, rule.environment)
                          : is_given(need, record, rule.environment);
  });
}

bool has_value(const TrainingRule& rule, std::string_view value) {
  if (rule.value.empty()) return true;
  if (rule.value == "leading") return leading_dense(value).has_value();
  if (rule.value == "list") return value.find('[') != std::string_view::npos;
  return rule.value == value;
}

bool applies(const TrainingRule& rule, bool environment, const Passage& passage) {
  return rule.environment == environment && matches_framework(rule.from, passage.from) &&
         matches_framework(rule.to, passage.to) && on_platform(rule.platform, passage.platform);
}

}  // namespace

TrainingRules::TrainingRules(const catalog::Catalog& catalog, const CsvTable* own) {
  if (own != nullptr) {
    own->require_columns({"item", "change"});
    read(*own, true);
  }
  const CsvTable table = parse_csv(catalog.text_of(kPack), catalog.source_of(kPack));
  table.require_columns({"kind", "from", "to", "platform", "item", "value", "needs", "change", "becomes", "why",
                         "status", "evidence", "source", "dated"});
  read(table, false);
}

void TrainingRules::read(const CsvTable& table, bool own) {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto cell = [&](const char* column) { return table.cell(row, column); };
    TrainingRule rule{.environment = cell("kind") == "environment",
                      .from = cell("from"),
                      .to = cell("to"),
                      .platform = cell("platform"),
                      .item = cell("item"),
                      .value = cell("value"),
                      .needs = split(cell("needs"), " "),
                      .change = one_of(table, row, "change", Change::kUnknown, change_key),
                      .becomes = {},
                      .why = cell("why"),
                      .status = status_of(table, row, "status"),
                      .evidence = own ? Evidence::kE0 : one_of(table, row, "evidence", Evidence::kE4, evidence_key),
                      .source = cell("source")};
    for (const std::string& one : split(cell("becomes"), "; ")) {
      const std::size_t end = std::min(one.find(' '), one.size());
      rule.becomes.emplace_back(one.substr(0, end), one.substr(std::min(end + 1, one.size())));
    }
    if (rule.item.empty() != (rule.change == Change::kAdded))
      throw InputError(Problem{table.source(), table.line(row), 0, "item",
                               "an item stands in every row but one of change = added, which has none"});
    if (own && cell("status").empty()) rule.status = blocks(rule.change) ? Status::kUnsupported : Status::kSupported;
    if (own && rule.why.empty()) rule.why = "a rule of yours";
    if (own && rule.from.empty()) rule.from = "*";
    if (own && rule.to.empty()) rule.to = "*";
    if (!own) dated_ = std::max(dated_, cell("dated"));
    rules_.push_back(std::move(rule));
  }
}

const TrainingRule* TrainingRules::find(bool environment, const Passage& passage, std::string_view item,
                                        std::string_view value, const JobRecord& record) const {
  for (const TrainingRule& rule : rules_) {
    if (!rule.item.empty() && names(rule.item, item) && applies(rule, environment, passage) && has_value(rule, value) &&
        has_what_it_needs(rule, record))
      return &rule;
  }
  return nullptr;
}

const TrainingRule* TrainingRules::of_name(const Passage& passage, std::string_view item) const {
  for (const TrainingRule& rule : rules_) {
    if (!rule.item.empty() && rule.item == item && applies(rule, false, passage)) return &rule;
  }
  return nullptr;
}

std::vector<const TrainingRule*> TrainingRules::additions(bool environment, const Passage& passage,
                                                          const JobRecord& record) const {
  std::vector<const TrainingRule*> list;
  for (const TrainingRule& rule : rules_) {
    if (rule.item.empty() && applies(rule, environment, passage) && has_what_it_needs(rule, record))
      list.push_back(&rule);
  }
  return list;
}

std::optional<LeadingDense> leading_dense(std::string_view list) {
  std::string plain;
  for (const char c : list) {
    if (c != ' ' && c != '\'' && c != '"') plain += c;
  }
  std::string_view rest = plain;
  if (rest.starts_with("(") && rest.ends_with(")")) rest = rest.substr(1, rest.size() - 2);
  LeadingDense found;
  bool ones = false;
  for (const std::string& part : split(rest, "+")) {
    std::string_view text = part;
    if (!text.starts_with("[")) return std::nullopt;
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view inside = text.substr(1, close - 1), times = text.substr(close + 1);
    int repeats = 1;
    if (!times.empty()) {
      const auto [end, error] = std::from_chars(times.data() + 1, times.data() + times.size(), repeats);
      if (times[0] != '*' || error != std::errc() || end != times.data() + times.size() || repeats < 0 ||
          repeats > 10000)
        return std::nullopt;
    }
    const std::vector<std::string> layers = split(inside, ",");
    for (int i = 0; i < repeats && found.all <= 10000; ++i) {
      for (const std::string& layer : layers) {
        if (layer != "0" && layer != "1") return std::nullopt;
        if (layer == "0" && ones) return std::nullopt;
        ones = ones || layer == "1";
        found.dense += layer == "0";
        ++found.all;
      }
    }
  }
  return found.all > 0 ? std::optional(found) : std::nullopt;
}

}  // namespace socle::migrate
