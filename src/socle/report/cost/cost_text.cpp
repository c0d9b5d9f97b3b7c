#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_scale.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/cost/cost_report.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::CostResult;
using answer::CostWay;
using catalog::CostFactor;
using cost::CostLine;

std::vector<const CostWay*> known_ways(const CostResult& result) {
  std::vector<const CostWay*> ways;
  for (const CostWay& way : result.ways) {
    if (way.year.known()) ways.push_back(&way);
  }
  return ways;
}

std::string head_text(const CostResult& result) {
  const setup::CostSubject& subject = result.setup.subject;
  const auto value = [&](CostFactor factor) { return result.setup.factors[cost::index_of(factor)]->value.middle; };
  std::string text = fmt::format("{}: {} chips in {} nodes; {}; {}\n", printable(subject.cluster),
                                 format_whole(subject.plant.chips), format_whole(subject.plant.nodes),
                                 printable(result.setup.region.name, 70), currency_name(result.setup.currency));
  text += fmt::format("utilisation {}, goodput {}", format_percent(value(CostFactor::kUtilisation)),
                      format_percent(value(CostFactor::kGoodput)));
  if (result.kwh_per_year)
    text += fmt::format("; {} a year at the meter", format_joules(Joules{*result.kwh_per_year * 3.6e6}));
  if (result.tonnes_per_year)
    text += fmt::format(", {} t of CO2e (grid of {})", format_whole(std::llround(*result.tonnes_per_year)),
                        result.setup.region.carbon_year);
  return text + "\n";
}

/// One row: its name and what each way has there.
void add_row(TextTable& table, const std::string& name, const std::vector<const CostWay*>& ways,
             const std::function<std::string(const CostWay&)>& cell) {
  std::vector<std::string> row{name};
  for (const CostWay* way : ways) row.push_back(cell(*way));
  table.add_row(std::move(row));
}

std::string ways_text(const CostResult& result) {
  const std::vector<const CostWay*> ways = known_ways(result);
  if (ways.empty()) return "\nNo way of having these machines is known well enough to be priced.\n";
  const Currency currency = result.setup.currency;
  const auto unit = column_unit(ways, [&](const CostWay* way) { return Money{way->year.total, currency}; });
  std::vector<TextColumn> columns{{fmt::format("a year, {}", unit.name(currency))}};
  for (const CostWay* way : ways) columns.push_back({cost::way_name(way->year.way), Align::kRight});
  TextTable table(std::move(columns));
  for (std::size_t i = 0; i < cost::kCostLines; ++i) {
    const bool any =
        std::any_of(ways.begin(), ways.end(), [&](const CostWay* way) { return way->year.lines[i].has_value(); });
    if (!any) continue;
    add_row(table, cost::line_name(static_cast<CostLine>(i)), ways, [&](const CostWay& way) {
      return way.year.lines[i] ? unit.number(Money{*way.year.lines[i], currency}) : std::string("-");
    });
  }
  add_row(table, "all", ways, [&](const CostWay& way) { return unit.number(Money{way.year.total, currency}); });
  add_row(table, "a month", ways, [&](const CostWay& way) {
    return unit.number(Money{way.year.total / 12, currency});
  });
  const auto amount = [&](const std::optional<double>& value) {
    return value ? format_number(*value) : std::string("-");
  };
  add_row(table, fmt::format("useful chip-hour, {}", currency_name(currency)), ways,
          [&](const CostWay& way) { return amount(way.year.per_useful_chip_hour); });
  add_row(table, "  p10 to p90 of draws", ways, [&](const CostWay& way) {
    const auto& draws = result.draws.useful_chip_hour[static_cast<std::size_t>(way.year.way)];
    return draws ? fmt::format("{}-{}", format_number(draws->p10, 3), format_number(draws->p90, 3)) : std::string("-");
  });
  add_row(table, "  mean of worst tenth", ways, [&](const CostWay& way) {
    const auto& draws = result.draws.useful_chip_hour[static_cast<std::size_t>(way.year.way)];
    return draws ? format_number(draws->worst_tenth, 3) : std::string("-");
  });
  add_row(table, "  cheapest in draws", ways, [&](const CostWay& way) {
    return format_percent(result.draws.wins[static_cast<std::size_t>(way.year.way)]);
  });
  add_row(table, "paid at the start", ways, [&](const CostWay& way) {
    return unit.number(Money{way.year.paid_at_start, currency});
  });
  add_row(table, fmt::format("present value, {} y", format_number(result.setup.years)), ways, [&](const CostWay& way) {
    return way.flow.empty() ? std::string("-") : unit.number(Money{way.present_value, currency});
  });
  if (result.parts.run)
    add_row(table, "the run", ways, [&](const CostWay& way) {
      return way.per_run ? unit.number(Money{*way.per_run, currency}) : "-";
    });
  if (result.parts.tokens) {
    add_row(table, fmt::format("M output tokens, {}", currency_name(currency)), ways,
            [&](const CostWay& way) { return amount(way.per_million_output); });
    add_row(table, fmt::format("M tokens, {}", currency_name(currency)), ways,
            [&](const CostWay& way) { return amount(way.per_million_tokens); });
    if (result.setup.token_prices.any()) {
      add_row(table, "tokens sold in a year", ways, [&](const CostWay& way) {
        return way.sales_per_year ? unit.number(Money{*way.sales_per_year, currency}) : "-";
      });
      add_row(table, "  margin over the machines", ways,
              [&](const CostWay& way) { return way.margin ? format_signed_percent(*way.margin) : "-"; });
    }
  }
  return "\n" + table.str();
}

std::string parts_text(const CostResult& result) {
  std::string text;
  if (result.parts.run) {
    const answer::CostRun& run = *result.parts.run;
    text += fmt::format("the run: {}, {} without failures on {} chips\n", printable(run.what),
                        format_seconds(run.length), format_whole(run.chips));
    if (run.length > Seconds{} && run.tokens > Tokens{}) {
      const double pace = cost::tokens_per_chip_hour(run.tokens, run.chips, run.length);
      text += fmt::format("{} tokens a chip-hour, {} chip-hours a trillion tokens\n", format_count(pace),
                          format_count(cost::chip_hours_for(Tokens{1e12}, pace)));
    }
  }
  if (result.parts.tokens)
    text += wrap_text(fmt::format("tokens: {} input and {} output tokens/s on {} chips while they work ({})",
                                  format_number(result.parts.tokens->input_per_second),
                                  format_number(result.parts.tokens->output_per_second), result.parts.tokens->chips,
                                  printable(result.parts.tokens->what, 60)),
                      100, 0);
  return text;
}

/// What a factor that is wanted is called, and how to state it; the rating of a node stands behind its draw.
std::string wanted_text(CostFactor factor, const CostResult& result) {
  if (factor == CostFactor::kWorkingPower && !(result.setup.subject.plant.rated_per_node > Watts{}))
    return "the rated power of a node, which the catalogue lacks (a file in --catalog)";
  return fmt::format("{} ({})", catalog::facts_of(factor).label, catalog::facts_of(factor).flag);
}

std::string unknown_text(const CostResult& result) {
  std::string text;
  for (const CostWay& way : result.ways) {
    if (way.year.known()) continue;
    std::string names;
    for (const CostFactor factor : way.year.missing) names += (names.empty() ? "" : ", ") + wanted_text(factor, result);
    text += wrap_text(fmt::format("- {}: not known without {}", cost::way_name(way.year.way), names), 100, 2);
  }
  std::vector<CostFactor> left_out;
  for (const CostWay* way : known_ways(result)) {
    for (const CostFactor factor : way->year.left_out) {
      if (std::find(left_out.begin(), left_out.end(), factor) == left_out.end()) left_out.push_back(factor);
    }
  }
  std::string names;
  for (const CostFactor factor : left_out) names += (names.empty() ? "" : ", ") + wanted_text(factor, result);
  if (!names.empty()) text += wrap_text("- in no sum above, because nobody stated it: " + names, 100, 2);
  return text.empty() ? text : "\nWhat is missing\n" + text;
}

std::string break_even_text(const CostResult& result) {
  std::string text;
  for (const cost::Way own : {cost::Way::kBuild, cost::Way::kColocate}) {
    const CostWay& way = result.way(own);
    if (!way.year.known() || !way.rival) continue;
    const char* name = cost::way_name(own);
    if (result.way(cost::Way::kOnDemand).year.known())
      text += way.break_even_utilisation
                  ? fmt::format("  - {} costs what rent on demand does at a utilisation of {}\n", name,
                                format_percent(*way.break_even_utilisation))
                  : fmt::format("  - {} never costs what rent on demand does, at any utilisation\n", name);
    text +=
        way.break_even_months
            ? fmt::format("  - {} has cost less cash than {} from month {} on\n", name, cost::way_name(*way.rival),
                          format_number(std::ceil(*way.break_even_months)))
            : fmt::format("  - {} never costs less cash than {} within its life\n", name, cost::way_name(*way.rival));
  }
  return text.empty() ? text : "\nBuild or rent\n" + text;
}

std::string views_text(const CostResult& result) {
  const cost::ChipHourViews& views = result.views;
  if (!views.accounting && !views.economic && !views.barroso) return {};
  std::string text = fmt::format("\nA chip-hour that is owned, used or not, as three schools reckon it ({})\n",
                                 currency_name(result.setup.currency));
  const auto line = [&](const char* name, const std::optional<double>& value, const char* about) {
    text += fmt::format("  {:<11} {:>8}  {}\n", name, value ? format_number(*value) : "unknown", about);
  };
  line("accounting", views.accounting, "straight line over the life, no interest, all that is running");
  line("economic", views.economic, "machines lose 32 % of their value a year (Epoch AI), network, energy");
  line("Barroso", views.barroso, "straight line and interest, hall, power; of the nodes alone");
  return text;
}

std::string tornado_text(const CostResult& result) {
  if (!result.shown || result.tornado.empty()) return {};
  constexpr std::size_t kShown = 8;
  constexpr double kWidth = 24;
  const double middle = result.way(*result.shown).year.per_useful_chip_hour.value_or(0);
  double most = 0;
  for (const cost::FactorSwing& swing : result.tornado)
    most = std::max({most, std::fabs(swing.at_low - middle), std::fabs(swing.at_high - middle)});
  std::string text = fmt::format("\nWhat moves a useful chip-hour ({}: {} {})\n", cost::way_name(*result.shown),
                                 format_number(middle), currency_name(result.setup.currency));
  for (std::size_t i = 0; i < std::min(kShown, result.tornado.size()); ++i) {
    const cost::FactorSwing& swing = result.tornado[i];
    const cost::Uncertain& range = result.setup.factors[cost::index_of(swing.factor)]->value;
    const double low = std::min(swing.at_low, swing.at_high), high = std::max(swing.at_low, swing.at_high);
    const auto bars = [&](double difference) {
      return static_cast<std::size_t>(std::lround(std::fabs(difference) / most * kWidth / 2));
    };
    const std::string left(bars(middle - std::min(low, middle)), '#'),
        right(bars(std::max(high, middle) - middle), '#');
    text += fmt::format("  {:<24} {:>15}  {:>6}-{:<6} {:>12}|{}\n", catalog::facts_of(swing.factor).label,
                        fmt::format("{}-{}", format_count(range.low), format_count(range.high)), format_number(low, 3),
                        format_number(high, 3), left, right);
  }
  return text;
}

std::string sources_text(const CostResult& result) {
  TextTable table(
      {{"factor"}, {"low", Align::kRight}, {"middle", Align::kRight}, {"high", Align::kRight}, {"date"}, {"rests on"}});
  for (std::size_t i = 0; i < cost::kCostFactors; ++i) {
    const auto& factor = result.setup.factors[i];
    if (!factor) continue;
    const catalog::CostFactorFacts& facts = catalog::facts_of(static_cast<CostFactor>(i));
    table.add_row({facts.label, format_count(factor->value.low), format_count(factor->value.middle),
                   format_count(factor->value.high), factor->date,
                   (factor->confidence == "given" ? factor->basis : factor->confidence + ": " + factor->basis)});
  }
  return fmt::format("\nWhat it rests on (money in {})\n", currency_name(result.setup.currency)) + table.str();
}

}  // namespace

std::string cost_text(const CostResult& result) {
  std::string text = head_text(result) + parts_text(result) + ways_text(result) + unknown_text(result) +
                     break_even_text(result) + holding_text(result);
  text += views_text(result) + tornado_text(result) + sources_text(result);
  text += sentences_text("Assumptions", result.setup.assumptions);
  text += sentences_text("Facts that rest on recall or estimate", result.setup.doubts);
  return text;
}

std::string cost_diff_text(const answer::CostDiffResult& result) {
  const answer::CostDiff& diff = result.diff;
  const auto unit = unit_for(Money{std::max(std::fabs(diff.before), std::fabs(diff.after)), result.currency});
  const auto cell = [&](double amount) { return unit.number(Money{amount, result.currency}); };
  std::string text = fmt::format("{}: {} -> {}\n\n", cost::way_name(diff.way), printable(result.before_name),
                                 printable(result.after_name));
  TextTable table({{fmt::format("a year, {}", unit.name(result.currency))},
                   {"before", Align::kRight},
                   {"after", Align::kRight},
                   {"change", Align::kRight},
                   {"", Align::kRight}});
  const auto add = [&](const char* name, double before, double after) {
    table.add_row({name, cell(before), cell(after), cell(after - before),
                   before != 0 ? format_signed_percent(after / before - 1) : ""});
  };
  for (const answer::CostChange& change : diff.changes) add(cost::line_name(change.line), change.before, change.after);
  add("all", diff.before, diff.after);
  text += table.str();
  if (diff.before_useful_hour && diff.after_useful_hour)
    text += fmt::format("\nuseful chip-hour: {} -> {} {}\n", format_number(*diff.before_useful_hour),
                        format_number(*diff.after_useful_hour), currency_name(result.currency));
  if (result.allowed)
    text += fmt::format("{}: a year may grow by {} and grows by {}\n",
                        result.within() ? "within the budget" : "over the budget", cell(*result.allowed),
                        cell(diff.after - diff.before));
  return text;
}

}  // namespace socle::report
