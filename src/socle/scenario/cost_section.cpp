#include "socle/scenario/cost_section.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "socle/base/split_list.hpp"
#include "socle/base/utf8.hpp"
#include "socle/scenario/values.hpp"

namespace socle::scenario {
namespace {

using Section = CostSection;
using catalog::CostFactor;
using catalog::CostFactorFacts;

constexpr int kMonthsMost = 360, kChipsMost = 100'000'000;
constexpr std::size_t kCasesMost = 64;
constexpr double kShareRounding = 1e-6;
constexpr Questions kCosts{Question::kCost, Question::kPlan};

KeyFacts facts(const char* name, const char* flag, const char* value, const char* help) {
  return {.section = "cost", .name = name, .flag = flag, .value = value, .help = help, .questions = kCosts};
}

KeyFacts on_cost(KeyFacts about) {
  about.questions = {Question::kCost};
  return about;
}

std::string example_of(const CostFactorFacts& factor) {
  if (factor.money) return fmt::format("{} CNY{}", factor.least + 1, factor.unit);
  return fmt::format("{}", std::max(factor.least, std::min(factor.most, 0.5)));
}

std::string accepted_by(const CostFactorFacts& factor) {
  const std::string one = factor.money   ? fmt::format("an amount such as \"{}\"", example_of(factor))
                          : *factor.unit ? fmt::format("{} from {:g} to {:g}", factor.unit, factor.least, factor.most)
                                         : fmt::format("a number from {:g} to {:g}", factor.least, factor.most);
  return one + ", or a list: low, high or low, middle, high";
}

/// One figure of a factor, from text.
struct Figure {
  double value = 0;
  std::optional<Currency> currency;
};

Parsed<Figure> parse_figure(const CostFactorFacts& factor, std::string_view text) {
  const std::string_view unit = factor.unit;
  const auto refuse = [&](std::string why) -> Parsed<Figure> { return {std::nullopt, std::move(why)}; };
  Figure figure;
  if (factor.money) {
    if (!text.ends_with(unit))
      return refuse(fmt::format("\"{}\" has no \"{}\" at its end; write {}", printable(std::string(text), 40), unit,
                                accepted_by(factor)));
    const Parsed<Money> amount = parse_unit_text<Money>(text.substr(0, text.size() - unit.size()));
    if (!amount.value) return refuse(amount.problem);
    figure = {amount.value->amount, amount.value->currency};
  } else {
    std::string_view number = text;
    const bool percent = number.ends_with("%") && unit.empty();
    if (percent) number.remove_suffix(1);
    if (!unit.empty() && number.ends_with(unit)) number.remove_suffix(unit.size());
    while (number.ends_with(" ")) number.remove_suffix(1);
    const Parsed<double> parsed = parse_unit_text<double>(number);
    if (!parsed.value) return refuse("write " + accepted_by(factor));
    figure.value = *parsed.value * (percent ? 0.01 : 1.0);
  }
  if (!(figure.value >= factor.least && figure.value <= factor.most))
    return refuse(fmt::format("{:g} is not from {:g} to {:g}; write {}", figure.value, factor.least, factor.most,
                              accepted_by(factor)));
  return {figure, {}};
}

Parsed<StatedFactor> parse_factor(const CostFactorFacts& factor, const std::vector<std::string>& texts) {
  std::vector<Figure> figures;
  for (const std::string& text : texts) {
    Parsed<Figure> figure = parse_figure(factor, text);
    if (!figure.value) return {std::nullopt, figure.problem};
    if (!figures.empty() && figures.front().currency != figure.value->currency)
      return {std::nullopt, "its figures are in two currencies; write them in one"};
    figures.push_back(*figure.value);
  }
  if (figures.empty() || figures.size() > 3) return {std::nullopt, "write " + accepted_by(factor)};
  if (!std::is_sorted(figures.begin(), figures.end(),
                      [](const Figure& a, const Figure& b) { return a.value < b.value; }))
    return {std::nullopt, "its figures fall; write low, middle, high"};
  StatedFactor stated{.low = figures.front().value, .high = figures.back().value, .currency = figures.front().currency};
  stated.middle = figures.size() == 3 ? figures[1].value : (stated.low + stated.high) / 2;
  return {stated, {}};
}

Key<Section> factor_key(CostFactor factor) {
  const CostFactorFacts& about = catalog::facts_of(factor);
  KeyFacts key = facts(about.key, about.flag, about.money ? "AMOUNT" : "X", about.help);
  key.accepts = accepted_by(about);
  key.example = about.money ? fmt::format("\"{}\"", example_of(about)) : example_of(about);
  const auto keep = [factor](Section& section, StatedFactor stated) {
    section.factors[catalog::index_of(factor)] = stated;
  };
  return {std::move(key),
          [keep, &about](const TomlTable& table, const std::string& name, Section& section) {
            std::vector<std::string> texts;
            // A key that is not there is asked for, too, so that a misspelling is told of it.
            if (!table.has(name) || table.is_text(name)) {
              if (const auto text = table.optional_string(name)) texts = {*text};
            } else if (about.money && !table.is_array(name)) {
              table.ignore(name);
              table.problem(name, fmt::format("{} has no currency; write {}", name, accepted_by(about)));
            } else if (about.money) {
              texts = table.optional_strings(name).value_or(texts);
            } else if (table.is_array(name)) {
              for (const double number : table.optional_reals(name).value_or(std::vector<double>()))
                texts.push_back(fmt::format("{}", number));
            } else if (const auto number = table.optional_real(name, about.least, about.most)) {
              texts = {fmt::format("{}", *number)};
            }
            if (texts.empty()) return;
            Parsed<StatedFactor> stated = parse_factor(about, texts);
            if (!stated.value) return table.problem(name, fmt::format("{}: {}", name, stated.problem));
            stated.value->at = table.position(name);
            keep(section, *stated.value);
          },
          [keep, &about](const std::string& text, Section& section) {
            const Parsed<StatedFactor> stated = parse_factor(about, split_list(text));
            if (stated.value) keep(section, *stated.value);
            return stated.problem;
          }};
}

/// "22-6 0.31 CNY/kWh"; hours past midnight come to two pieces.
std::string read_hours(const std::string& text, std::vector<HourlyTariff>& list) {
  constexpr const char* kWanted = "write hours and a price, such as \"8-22 0.7 CNY/kWh\"";
  int from = 0, to = 0;
  const char *at = text.data(), *end = at + text.size();
  auto read = std::from_chars(at, end, from);
  if (read.ec != std::errc{} || read.ptr == end || *read.ptr != '-') return kWanted;
  read = std::from_chars(read.ptr + 1, end, to);
  if (read.ec != std::errc{} || read.ptr == end || *read.ptr != ' ') return kWanted;
  if (from < 0 || from > 23 || to < 1 || to > 24 || from == to) return "hours go from 0-1 to 23-24";
  const Parsed<Figure> price =
      parse_figure(catalog::facts_of(CostFactor::kTariff),
                   std::string_view(read.ptr + 1, static_cast<std::size_t>(end - read.ptr - 1)));
  if (!price.value) return price.problem;
  const Money per_kwh{price.value->value, *price.value->currency};
  if (from < to) {
    list.push_back({from, to, per_kwh});
  } else {
    list.push_back({from, 24, per_kwh});
    list.push_back({0, to, per_kwh});
  }
  return {};
}

std::string read_day(const std::vector<std::string>& texts, std::vector<HourlyTariff>& list) {
  list.clear();
  for (const std::string& text : texts) {
    if (std::string problem = read_hours(text, list); !problem.empty()) return problem;
  }
  std::sort(list.begin(), list.end(), [](const HourlyTariff& a, const HourlyTariff& b) { return a.from < b.from; });
  int hour = 0;
  for (const HourlyTariff& part : list) {
    if (part.per_kwh.currency != list.front().per_kwh.currency)
      return "its prices are in two currencies; write them in one";
    if (part.from != hour)
      return fmt::format("hour {} has {}; the hours of a day are each priced once", std::min(part.from, hour),
                         part.from > hour ? "no price" : "two prices");
    hour = part.to;
  }
  return hour == 24 ? "" : fmt::format("hour {} has no price; the hours of a day are each priced once", hour);
}

Key<Section> tariff_by_hour_key() {
  KeyFacts key = facts("tariff_by_hour", "--tariff-by-hour", "HOURS PRICE,...",
                       "Price of electricity by hour of the day; chips draw evenly over it");
  key.accepts = "hours and prices such as [\"8-22 0.7 CNY/kWh\", \"22-8 0.3 CNY/kWh\"]";
  key.example = "[\"8-22 0.7 CNY/kWh\", \"22-8 0.3 CNY/kWh\"]";
  key.instead_of = {"tariff"};
  return {std::move(key),
          [](const TomlTable& table, const std::string& name, Section& section) {
            const auto texts = table.optional_strings(name);
            if (!texts) return;
            if (const std::string problem = read_day(*texts, section.tariff_by_hour); !problem.empty())
              table.problem(name, fmt::format("{}: {}", name, problem));
          },
          [](const std::string& text, Section& section) { return read_day(split_list(text), section.tariff_by_hour); }};
}

/// "0.5: 600" for each case.
std::string read_demand(const std::vector<std::string>& texts, std::vector<StatedDemand>& list) {
  constexpr const char* kWanted = "write shares and chips, such as \"0.5:600\", \"0.3:800\", \"0.2:1200\"";
  list.clear();
  if (texts.empty() || texts.size() > kCasesMost)
    return fmt::format("{}; {} has from 1 to {} cases", kWanted, "demand", kCasesMost);
  double sum = 0;
  for (const std::string& text : texts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) return kWanted;
    const Parsed<double> share = parse_unit_text<double>(text.substr(0, colon));
    std::string number = text.substr(colon + 1);
    number.erase(0, number.find_first_not_of(' '));
    std::optional<int> chips;
    if (!share.value || !parse_whole(number, 0, kChipsMost, chips).empty())
      return fmt::format("\"{}\" is no case; {}", printable(text, 40), kWanted);
    if (!(*share.value > 0 && *share.value <= 1))
      return fmt::format("the share {:g} is not above 0 and at most 1; {}", *share.value, kWanted);
    sum += *share.value;
    list.push_back({*share.value, *chips});
  }
  if (!(sum > 1 - kShareRounding && sum < 1 + kShareRounding))
    return fmt::format("its shares add up to {:g}; the cases are all that may come, so write shares that add up to 1",
                       sum);
  return {};
}

Key<Section> demand_key() {
  KeyFacts key = on_cost(facts("demand", "--demand", "SHARE:CHIPS,...",
                               "How many chips may have work, each case with its share: how many to hold"));
  key.accepts = "shares and chips such as [\"0.5:600\", \"0.3:800\", \"0.2:1200\"]";
  key.example = "[\"0.5:600\", \"0.3:800\", \"0.2:1200\"]";
  return {std::move(key),
          [](const TomlTable& table, const std::string& name, Section& section) {
            const auto texts = table.optional_strings(name);
            if (!texts) return;
            if (const std::string problem = read_demand(*texts, section.demand); !problem.empty())
              table.problem(name, fmt::format("{}: {}", name, problem));
          },
          [](const std::string& text, Section& section) { return read_demand(split_list(text), section.demand); }};
}

Key<Section> hold_budget_key() {
  Key<Section> key = quantity_key<Money, Section>(
      on_cost(facts("hold_budget", "--hold-budget", "AMOUNT",
                    "Most that a year of the chips that are held may cost, with --demand")),
      &Section::hold_budget, Zero::kAllowed);
  const auto read = key.read;
  key.read = [read](const TomlTable& table, const std::string& name, Section& section) {
    read(table, name, section);
    section.hold_budget_at = table.position(name);
  };
  return key;
}

/// What a million tokens are sold for.
Key<Section> sell_key(const char* name, const char* flag, const char* help, std::optional<Money> Section::*member) {
  return quantity_key<Money, Section>(on_cost(facts(name, flag, "AMOUNT", help)), member, Zero::kAllowed);
}

Key<Section> basis_key() {
  KeyFacts about =
      facts("basis", "--basis", "NAME", "Ways of having machines by which a plan compares; default cheapest");
  about.questions = {Question::kPlan};
  return choice_key<catalog::CostBasis, Section>(std::move(about), &Section::basis, {"cheapest", "owned", "rented"});
}

}  // namespace

std::vector<Key<CostSection>> cost_keys() {
  std::vector<Key<Section>> keys{
      name_key<Section>(common(facts("region", "--region", "NAME", "Where it stands: electricity, space, PUE, carbon")),
                        &Section::region, "cn-west"),
      choice_key<Currency, Section>(
          facts("currency", "--currency", "NAME", "Currency of the answer; default: the region's"), &Section::currency,
          {"USD", "CNY"}),
      integer_key<Section>(
          on_cost(facts("months", "--months", "N", "For how long it is needed: cash flows; default: the life")),
          &Section::months, 1, kMonthsMost),
      demand_key(),
      hold_budget_key(),
      sell_key("sell_input", "--sell-input", "What a million tokens of prompts are sold for", &Section::sell_input),
      sell_key("sell_cached", "--sell-cached", "... of those that a cache had; default: the same",
               &Section::sell_cached),
      sell_key("sell_output", "--sell-output", "What a million generated tokens are sold for", &Section::sell_output),
      basis_key(),
      tariff_by_hour_key()};
  for (std::size_t i = 0; i < catalog::kCostFactors; ++i) keys.push_back(factor_key(static_cast<CostFactor>(i)));
  return keys;
}

}  // namespace socle::scenario
