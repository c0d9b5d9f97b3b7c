#include <utility>

#include "socle/report/cost/cost_report.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/sentences.hpp"

namespace socle::report {
namespace {

using answer::CostResult;
using answer::CostWay;
using catalog::CostFactor;

Json maybe(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json lines_json(const cost::YearlyCost& year) {
  Json lines = Json::object();
  for (std::size_t i = 0; i < cost::kCostLines; ++i) {
    if (year.lines[i]) lines.set(cost::line_key(static_cast<cost::CostLine>(i)), *year.lines[i]);
  }
  return lines;
}

Json factor_keys(const std::vector<CostFactor>& factors) {
  Json list = Json::array();
  for (const CostFactor factor : factors) list.push(catalog::facts_of(factor).key);
  return list;
}

Json flow_json(const std::vector<cost::QuarterFlow>& flows) {
  Json list = Json::array();
  for (const cost::QuarterFlow& flow : flows)
    list.push(std::move(Json::object()
                            .set("bought", flow.bought)
                            .set("running", flow.running)
                            .set("resold", flow.resold)
                            .set("cumulative", flow.cumulative)));
  return list;
}

Json way_json(const CostWay& way, const cost::Draws& draws) {
  const cost::YearlyCost& year = way.year;
  Json json = Json::object();
  json.set("way", cost::way_key(year.way)).set("known", year.known());
  json.set("missing", factor_keys(year.missing)).set("left_out", factor_keys(year.left_out));
  json.set("year", lines_json(year)).set("total_per_year", year.known() ? Json(year.total) : Json());
  json.set("total_per_month", year.known() ? Json(year.total / 12) : Json());
  json.set("per_useful_chip_hour", maybe(year.per_useful_chip_hour));
  const auto& spread = draws.useful_chip_hour[static_cast<std::size_t>(year.way)];
  json.set("p10", spread ? Json(spread->p10) : Json()).set("p50", spread ? Json(spread->p50) : Json());
  json.set("p90", spread ? Json(spread->p90) : Json());
  json.set("worst_tenth", spread ? Json(spread->worst_tenth) : Json());
  json.set("cheapest_in_draws", draws.wins[static_cast<std::size_t>(year.way)]);
  json.set("paid_at_start", year.known() ? Json(year.paid_at_start) : Json());
  json.set("present_value", way.flow.empty() ? Json() : Json(way.present_value));
  json.set("per_run", maybe(way.per_run)).set("per_million_output_tokens", maybe(way.per_million_output));
  json.set("per_million_tokens", maybe(way.per_million_tokens));
  json.set("sales_per_year", maybe(way.sales_per_year)).set("margin", maybe(way.margin));
  json.set("break_even_utilisation", maybe(way.break_even_utilisation));
  json.set("break_even_months", maybe(way.break_even_months));
  json.set("break_even_against", way.rival ? Json(cost::way_key(*way.rival)) : Json());
  return std::move(json.set("quarters", flow_json(way.flow)));
}

Json factors_json(const cost::Factors& factors) {
  Json list = Json::array();
  for (std::size_t i = 0; i < cost::kCostFactors; ++i) {
    if (!factors[i]) continue;
    const catalog::CostFactorFacts& facts = catalog::facts_of(static_cast<CostFactor>(i));
    list.push(std::move(Json::object()
                            .set("factor", facts.key)
                            .set("unit", facts.unit)
                            .set("low", factors[i]->value.low)
                            .set("middle", factors[i]->value.middle)
                            .set("high", factors[i]->value.high)
                            .set("basis", factors[i]->basis)
                            .set("date", factors[i]->date)
                            .set("confidence", factors[i]->confidence)));
  }
  return list;
}

Json tornado_json(const CostResult& result) {
  Json list = Json::array();
  for (const cost::FactorSwing& swing : result.tornado)
    list.push(std::move(Json::object()
                            .set("factor", catalog::facts_of(swing.factor).key)
                            .set("at_low", swing.at_low)
                            .set("at_high", swing.at_high)));
  return list;
}

SchemaRows way_rows() {
  const std::vector<std::string> keys{"build", "colocate", "on_demand", "reserved", "spot"};
  return {{"ways[]", "object", "Every way to have the machines: built, colocated, rented."},
          {"ways[].way", "string", "Which.", keys},
          {"ways[].known", "boolean", "All that its sum needs is known."},
          {"ways[].missing[]", "string", "Keys of [cost] without which there is no sum."},
          {"ways[].left_out[]", "string", "Keys of [cost] that nobody stated, and that are not in the sum."},
          {"ways[].year", "object", "A year's money by line."},
          {"ways[].year.*", "number", "Of this line."},
          {"ways[].total_per_year", "number|null", "Of all lines."},
          {"ways[].total_per_month", "number|null", "A twelfth of it."},
          {"ways[].per_useful_chip_hour", "number|null", "Over chip-hours that did useful work; null: none did."},
          {"ways[].p10", "number|null", "10th percentile of that over draws of all factors."},
          {"ways[].p50", "number|null", "Median."},
          {"ways[].p90", "number|null", "90th percentile."},
          {"ways[].worst_tenth", "number|null", "Mean of the draws beyond it."},
          {"ways[].cheapest_in_draws", "number", "Share of draws in which this way is cheapest."},
          {"ways[].paid_at_start", "number|null", "Of what is bought and built."},
          {"ways[].present_value", "number|null", "Of all payments over the years asked about."},
          {"ways[].per_run", "number|null", "Of the training run, failures included; null: there is none."},
          {"ways[].per_million_output_tokens", "number|null", "Of the served load; null: there is none."},
          {"ways[].per_million_tokens", "number|null", "Of it, input and output tokens together."},
          {"ways[].sales_per_year", "number|null", "Of its tokens at the prices stated; null: none are."},
          {"ways[].margin", "number|null", "Sales over what the machines cost, less one."},
          {"ways[].break_even_utilisation", "number|null", "At which owning costs what rent on demand does."},
          {"ways[].break_even_months", "number|null", "After which owning has cost less cash than renting."},
          {"ways[].break_even_against", "string|null", "The rent of that comparison.", {"on_demand", "reserved"}},
          {"ways[].quarters[]", "object", "Cash, quarter by quarter; what is paid is positive."},
          {"ways[].quarters[].bought", "number", "For machines, network, storage, hall."},
          {"ways[].quarters[].running", "number", "Energy, rent, people, ..."},
          {"ways[].quarters[].resold", "number", "What is left of what was bought."},
          {"ways[].quarters[].cumulative", "number", "Paid so far, less what was resold."}};
}

}  // namespace

Json cost_json(const CostResult& result, const std::vector<InputText>& inputs) {
  const setup::CostSubject& subject = result.setup.subject;
  Json json = Json::object();
  json.set("schema", "socle.cost/1").set("provenance", provenance("cost", inputs));
  json.set("cluster", subject.cluster)
      .set("chip", subject.chip)
      .set("nodes", subject.plant.nodes)
      .set("chips", subject.plant.chips);
  json.set("region", result.setup.region.slug)
      .set("currency", currency_name(result.setup.currency))
      .set("years", result.setup.years);
  json.set("cheapest", result.cheapest ? Json(cost::way_key(*result.cheapest)) : Json());
  Json ways = Json::array();
  for (const CostWay& way : result.ways) ways.push(way_json(way, result.draws));
  json.set("ways", std::move(ways));
  json.set("views", std::move(Json::object()
                                  .set("accounting", maybe(result.views.accounting))
                                  .set("economic", maybe(result.views.economic))
                                  .set("barroso", maybe(result.views.barroso))));
  json.set("tornado_of", result.shown ? Json(cost::way_key(*result.shown)) : Json());
  json.set("tornado", tornado_json(result)).set("draws", result.draws.count);
  json.set("kwh_per_year", maybe(result.kwh_per_year)).set("tonnes_co2e_per_year", maybe(result.tonnes_per_year));
  const auto& run = result.parts.run;
  json.set("run_s", run ? Json(run->length.value()) : Json());
  json.set("run_tokens_per_chip_hour", run && run->length > Seconds{}
                                           ? Json(cost::tokens_per_chip_hour(run->tokens, run->chips, run->length))
                                           : Json());
  const auto& tokens = result.parts.tokens;
  json.set("input_tokens_per_s", tokens ? Json(tokens->input_per_second) : Json());
  json.set("output_tokens_per_s", tokens ? Json(tokens->output_per_second) : Json());
  json.set("holding", holding_json(result)).set("factors", factors_json(result.setup.factors));
  json.set("assumptions", sentences_json(result.setup.assumptions));
  return std::move(json.set("doubts", sentences_json(result.setup.doubts)));
}

Schema cost_schema() {
  SchemaRows rows{{"provenance", "provenance", "What the document rests on."},
                  {"cluster", "string", "The machines."},
                  {"chip", "string", "Slug of the chip."},
                  {"nodes", "integer", "Nodes that work."},
                  {"chips", "integer", "Chips that work."},
                  {"region", "string", "Slug of the region."},
                  {"currency", "string", "Of every amount.", {"USD", "CNY"}},
                  {"years", "number", "Of the cash flows."},
                  {"cheapest", "string|null", "Way whose useful chip-hour is cheapest; null: none is known."}};
  rows = joined(std::move(rows), way_rows());
  rows = joined(std::move(rows), holding_rows());
  rows = joined(std::move(rows),
                {{"views", "object", "A chip-hour that is owned, used or not, as three schools reckon it."},
                 {"views.accounting", "number|null", "Straight line over the life, without interest."},
                 {"views.economic", "number|null", "What machines lose in value (Epoch AI), network, energy."},
                 {"views.barroso", "number|null", "Straight line and interest, hall, power (Barroso and others)."},
                 {"tornado_of", "string|null", "The way whose useful chip-hour the factors move."},
                 {"tornado[]", "object", "Factors, the one that moves it most first."},
                 {"tornado[].factor", "string", "Key of [cost]."},
                 {"tornado[].at_low", "number", "A useful chip-hour with the factor at its low end."},
                 {"tornado[].at_high", "number", "... at its high end."},
                 {"draws", "integer", "Of the Monte Carlo."},
                 {"kwh_per_year", "number|null", "At the meter of the hall."},
                 {"tonnes_co2e_per_year", "number|null", "By the grid of the region; null: not known."},
                 {"run_s", "number|null", "Length of the training run without failures; null: there is none."},
                 {"run_tokens_per_chip_hour", "number|null", "That it trains on, without failures."},
                 {"input_tokens_per_s", "number|null", "Of the served load; null: there is none."},
                 {"output_tokens_per_s", "number|null", "Likewise."},
                 {"factors[]", "object", "What the reckoning rests on."},
                 {"factors[].factor", "string", "Key of [cost]."},
                 {"factors[].unit", "string", "Behind the currency, or of the number."},
                 {"factors[].low", "number", "Low end, in the currency of the document."},
                 {"factors[].middle", "number", "Middle."},
                 {"factors[].high", "number", "High end."},
                 {"factors[].basis", "string", "Where it comes from."},
                 {"factors[].date", "string", "Of the source; empty: undated."},
                 {"factors[].confidence", "string",
                  "given, measured, datasheet, reported, recall, estimate, assumption, or a number of quotes."}});
  return {"socle.cost/1",
          "A year of machines, built, colocated and rented: `socle cost`.",
          {{"", "always", joined(std::move(rows), sentence_rows())}},
          {provenance_shape()}};
}

Json cost_diff_json(const answer::CostDiffResult& result, const std::vector<InputText>& inputs) {
  Json json = Json::object();
  json.set("schema", "socle.cost.diff/1").set("provenance", provenance("cost diff", inputs));
  json.set("before", result.before_name).set("after", result.after_name).set("way", cost::way_key(result.diff.way));
  json.set("currency", currency_name(result.currency));
  Json lines = Json::array();
  for (const answer::CostChange& change : result.diff.changes)
    lines.push(std::move(Json::object()
                             .set("line", cost::line_key(change.line))
                             .set("before", change.before)
                             .set("after", change.after)));
  json.set("lines", std::move(lines)).set("total_before", result.diff.before).set("total_after", result.diff.after);
  json.set("useful_chip_hour_before", maybe(result.diff.before_useful_hour));
  json.set("useful_chip_hour_after", maybe(result.diff.after_useful_hour));
  return std::move(json.set("allowed_growth", maybe(result.allowed)).set("within", result.within()));
}

Schema cost_diff_schema() {
  return {"socle.cost.diff/1",
          "What a change does to a year's bill: `socle cost diff`.",
          {{"",
            "always",
            {{"provenance", "provenance", "What the document rests on."},
             {"before", "string", "Name of the first scenario."},
             {"after", "string", "Name of the second."},
             {"way", "string", "Way of having the machines.", {"build", "colocate", "on_demand", "reserved", "spot"}},
             {"currency", "string", "Of every amount.", {"USD", "CNY"}},
             {"lines[]", "object", "Lines of a year's bill that either has."},
             {"lines[].line", "string", "Which."},
             {"lines[].before", "number", "Of the first."},
             {"lines[].after", "number", "Of the second."},
             {"total_before", "number", "A year of the first."},
             {"total_after", "number", "A year of the second."},
             {"useful_chip_hour_before", "number|null", "Over chip-hours that did useful work."},
             {"useful_chip_hour_after", "number|null", "Likewise."},
             {"allowed_growth", "number|null", "Most that a year may grow by; null: any."},
             {"within", "boolean", "It grows by no more."}}}},
          {provenance_shape()}};
}

}  // namespace socle::report
