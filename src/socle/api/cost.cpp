#include "socle/api/cost.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "socle/answer/risk/goodput_range.hpp"
#include "socle/api/keys.hpp"
#include "socle/api/serve.hpp"
#include "socle/api/train.hpp"
#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/cost/cost_report.hpp"
#include "socle/setup/design_setup.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {
namespace {

constexpr int kDrawsMost = 1'000'000;

int draws_of(const std::string& text, int fallback) {
  if (text.empty()) return fallback;
  int draws = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), draws);
  if (error != std::errc{} || stop != text.data() + text.size() || draws < 1 || draws > kDrawsMost)
    throw InputError(
        Problem{{},
                0,
                0,
                "--draws",
                fmt::format("--draws = \"{}\"; write a whole number from 1 to {}", printable(text, 40), kDrawsMost)});
  return draws;
}

std::optional<cost::Way> way_of(const std::string& text) {
  if (text.empty()) return std::nullopt;
  for (const cost::Way way : cost::kAllWays) {
    if (text == cost::way_key(way)) return way;
  }
  throw InputError(
      Problem{{},
              0,
              0,
              "--way",
              fmt::format("--way = \"{}\"; write build, colocate, on_demand, reserved or spot", printable(text, 40))});
}

/// "2027-01" as months since the year 0.
int start_of(const std::string& text) {
  const std::string month = text.empty() ? "2027-01" : text;
  int year = 0, number = 0;
  const char *begin = month.data(), *end = begin + month.size();
  const auto first = std::from_chars(begin, end, year);
  const bool dash = first.ec == std::errc{} && first.ptr - begin == 4 && first.ptr != end && *first.ptr == '-';
  const auto second = dash ? std::from_chars(first.ptr + 1, end, number) : first;
  if (!dash || second.ec != std::errc{} || second.ptr != end || year < 2000 || number < 1 || number > 12)
    throw InputError(Problem{
        {}, 0, 0, "--start", fmt::format("--start = \"{}\"; write a month such as 2027-01", printable(month, 40))});
  return year * 12 + number - 1;
}

/// The network between the nodes; nothing where its parts or NICs are not known, which the answer says.
std::optional<search::PricedFabric> network_of(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                                               setup::CostSetup& setup) {
  if (setup.subject.plant.nodes < 2) return std::nullopt;
  const auto question = setup::network_question(catalog, scenario, *scenario.cluster, setup.doubts);
  return question ? search::cheapest_fabric(*question) : std::nullopt;
}

/// A training run, and what failures leave of its time.
std::optional<answer::CostRun> run_of(const catalog::Catalog& catalog, const Request& request,
                                      const scenario::Scenario& scenario, setup::CostSetup& setup,
                                      std::vector<report::InputText>& inputs, Progress* progress) {
  const bool model = !scenario.model.name.empty() || !scenario.model.config.empty();
  if (!model || !scenario.training.tokens) return std::nullopt;
  const TrainAnswer train = api::train(catalog, request, scenario, {}, progress);
  inputs = train.inputs;
  if (!train.result) {
    setup.doubts.push_back(
        "The training job fits on these chips in no layout, so that no run is priced; socle train says why.");
    return std::nullopt;
  }
  const answer::TrainResult& result = *train.result;
  if (result.run.stacks) {
    setup.assumptions.push_back(fmt::format("The run's software stack is not stated: {} (--stack NAME takes another).",
                                            search::stack_sentence(*result.run.stacks)));
  }
  auto& goodput = setup.factors[cost::index_of(cost::CostFactor::kGoodput)];
  if (!goodput || goodput->confidence == "assumption") {
    const setup::RiskSetup risk = setup::set_up_risk(catalog, scenario, noting(request.read_file, inputs));
    const answer::JobFacts facts = answer::job_facts(result, scenario.risk, scenario.source);
    const auto share = answer::goodput_factor(risk, answer::risk_job(risk, facts, scenario.source).job);
    if (share)
      goodput = *share;
    else
      setup.doubts.push_back(fmt::format("Failures stop this job: {}; {}.", share.why().detail, share.why().remedy));
  }
  return answer::CostRun{fmt::format("{}, {}", result.run.model.name, format_tokens(result.run.job.total_tokens)),
                         result.figures.run->value, result.run.layout.chips(), result.run.job.total_tokens};
}

std::optional<answer::CostTokens> tokens_of(const catalog::Catalog& catalog, const Request& request,
                                            const scenario::Scenario& scenario, std::vector<std::string>& doubts,
                                            Progress* progress) {
  if (!scenario.requests.in_file) return std::nullopt;
  Request serving = request;
  for (const scenario::KeyFacts& key : key_facts()) {
    if (!key.questions.has(scenario::Question::kServe)) serving.flags.erase(key.flag);
  }
  const ServeAnswer serve = api::serve(catalog, serving, {.curve = false}, {}, progress);
  if (!serve.result.fits) {
    doubts.push_back("The model does not fit for serving, so that no token is priced; socle serve fit says why.");
    return std::nullopt;
  }
  const answer::ServeFigures& figures = serve.result.figures;
  return answer::CostTokens{serve.result.setup.requests.description, figures.per_second(figures.input_tokens),
                            figures.per_second(figures.output_tokens), serve.result.chips,
                            figures.per_second(figures.cached_tokens)};
}

/// "5 %" of the bill, or an amount a year.
std::optional<double> allowed_growth(const std::string& text, double bill, Currency currency) {
  if (text.empty()) return std::nullopt;
  const auto refuse = [&](const std::string& why) {
    return InputError(Problem{{}, 0, 0, "--allow", fmt::format("--allow = \"{}\": {}", printable(text, 40), why)});
  };
  if (text.ends_with("%")) {
    std::string number = text.substr(0, text.size() - 1);
    while (number.ends_with(" ")) number.pop_back();
    const Parsed<double> share = parse_unit_text<double>(number);
    if (!share.value) throw refuse("write a share such as \"5 %\", or an amount a year");
    return *share.value / 100.0 * bill;
  }
  const Parsed<Money> amount = parse_unit_text<Money>(text);
  if (!amount.value) throw refuse(amount.problem);
  if (amount.value->currency != currency) throw refuse(fmt::format("the bill is in {}", currency_name(currency)));
  return amount.value->amount;
}

}  // namespace

CostAnswer cost(const catalog::Catalog& catalog, const Request& request, const CostRequest& wanted,
                Progress* progress) {
  answer::CostOptions options;
  options.draws = draws_of(wanted.draws, options.draws);
  options.way = way_of(wanted.way);
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kCost);
  std::vector<setup::BookPrice> book;
  if (!wanted.book_name.empty()) book = setup::read_price_book(wanted.book_text, wanted.book_name);
  setup::CostSetup setup = setup::set_up_cost(catalog, scenario, book);
  answer::CostParts parts;
  parts.network = network_of(catalog, scenario, setup);
  std::vector<report::InputText> inputs;
  parts.run = run_of(catalog, request, scenario, setup, inputs, progress);
  parts.tokens = tokens_of(catalog, request, scenario, setup.doubts, progress);
  if (inputs.empty()) {
    inputs = inputs_of(request, scenario, std::nullopt);
    add_own_catalog(catalog, inputs);
  }
  if (!wanted.book_name.empty()) inputs.push_back({wanted.book_name, report::content_hash(wanted.book_text)});
  return {answer::cost(std::move(setup), std::move(parts), options), std::move(inputs)};
}

std::string text(const CostAnswer& answer) { return report::cost_text(answer.result); }
std::string json(const CostAnswer& answer) { return report::cost_json(answer.result, answer.inputs).dump() + "\n"; }
bool holds(const CostAnswer& answer) { return answer.result.cheapest.has_value(); }
std::string waterfall_svg(const CostAnswer& answer) { return report::cost_waterfall_svg(answer.result); }
std::string cash_flow_svg(const CostAnswer& answer) { return report::cash_flow_svg(answer.result); }
std::string tornado_svg(const CostAnswer& answer) { return report::tornado_svg(answer.result); }
std::string focus_csv(const CostAnswer& answer, const CostRequest& wanted) {
  return report::focus_csv(answer.result, start_of(wanted.start));
}

CostDiffAnswer cost_diff(const catalog::Catalog& catalog, const Request& before, const Request& after,
                         const CostRequest& wanted, const CostDiffRequest& asked, Progress* progress) {
  const CostAnswer a = cost(catalog, before, wanted, progress), b = cost(catalog, after, wanted, progress);
  CostDiffAnswer answer{.result = {.before_name = before.scenario_name,
                                   .after_name = after.scenario_name,
                                   .currency = a.result.setup.currency,
                                   .diff = answer::cost_diff(a.result, b.result, way_of(wanted.way)),
                                   .allowed = {}},
                        .inputs = a.inputs};
  answer.inputs.insert(answer.inputs.end(), b.inputs.begin(), b.inputs.end());
  answer.result.allowed = allowed_growth(asked.allow, answer.result.diff.before, a.result.setup.currency);
  return answer;
}

std::string text(const CostDiffAnswer& answer) { return report::cost_diff_text(answer.result); }
std::string json(const CostDiffAnswer& answer) {
  return report::cost_diff_json(answer.result, answer.inputs).dump() + "\n";
}
bool holds(const CostDiffAnswer& answer) { return answer.result.within(); }

}  // namespace socle::api
