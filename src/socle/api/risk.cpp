#include "socle/api/risk.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/answer/train/train.hpp"
#include "socle/base/split_list.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/risk/risk_report.hpp"
#include "socle/setup/vocabulary.hpp"

namespace socle::api {

namespace {

/// Keys that name files and fleets, or the job itself, are no savings.
constexpr const char* kFixed[] = {"failures", "node_rate", "trace", "trace_nodes",
                                  "run",      "samples",   "seed",  "lost_hour"};

/// "hot_spares=16", with what it saves behind @ if wanted.
answer::Cut read_cut(const std::string& text, const scenario::RiskSection& risk, Problems& problems) {
  answer::Cut cut{.text = text, .risk = risk, .saved = {}, .combined = false};
  const auto refuse = [&](const std::string& why) {
    problems.add({{}, 0, 0, "cut", fmt::format("--cut \"{}\": {}", printable(text), why)});
  };
  const std::size_t at = text.find('@'), equals = text.find('=');
  if (equals == std::string::npos || equals > at) {
    refuse("write key=value of [risk], and what it saves behind @ if wanted, such as hot_spares=16@30000 USD");
    return cut;
  }
  const std::string key = text.substr(0, equals), value = text.substr(equals + 1, at - equals - 1);
  cut.text = key + " = " + value;
  if (at != std::string::npos) {
    const Parsed<Money> saved = parse_unit_text<Money>(text.substr(at + 1));
    if (!saved.value) refuse(saved.problem);
    cut.saved = saved.value;
  }
  std::vector<std::string> known;
  for (const auto& one : scenario::risk_keys()) {
    if (std::find(std::begin(kFixed), std::end(kFixed), one.facts.name) != std::end(kFixed)) continue;
    known.push_back(one.facts.name);
    if (one.facts.name != key) continue;
    if (const std::string problem = one.set(value, cut.risk); !problem.empty()) refuse(problem);
    return cut;
  }
  refuse(fmt::format("\"{}\" is no key that can be a saving{}", printable(key), did_you_mean(key, known)));
  return cut;
}

std::vector<answer::Cut> read_cuts(const std::string& text, const scenario::RiskSection& risk) {
  std::vector<answer::Cut> cuts;
  if (text.empty()) return cuts;
  Problems problems;
  answer::Cut all{.text = "all of them", .risk = risk, .saved = {}, .combined = true};
  std::optional<Currency> currency;
  for (const std::string& part : split_list(text)) {
    cuts.push_back(read_cut(part, risk, problems));
    Problems told;  // by the line above
    all.risk = read_cut(part, all.risk, told).risk;
    const auto& saved = cuts.back().saved;
    if (saved && currency && saved->currency != *currency)
      problems.add({{}, 0, 0, "cut", "--cut: the savings are in several currencies; write one"});
    if (saved) currency = saved->currency;
  }
  problems.throw_if_any();
  if (cuts.size() > 1) cuts.push_back(std::move(all));
  return cuts;
}

}  // namespace

RiskAnswer risk(const catalog::Catalog& catalog, const Request& request, const answer::RiskOptions& options,
                Progress* progress, const std::string& cut) {
  Progress unwatched;
  Progress& watched = progress ? *progress : unwatched;
  const scenario::Scenario scenario =
      setup::read_scenario(request.scenario_text, request.scenario_name, request.flags, scenario::Question::kRisk);
  const std::vector<answer::Cut> cuts = read_cuts(cut, scenario.risk);
  const auto config = setup::config_text(scenario, request.read_file);
  RiskAnswer answer{{Infeasible{}, inputs_of(request, scenario, config)}};
  const setup::FileReader read_file = noting(request.read_file, answer.inputs);
  setup::RiskSetup setup = setup::set_up_risk(catalog, scenario, read_file);
  for (const answer::Cut& one : cuts) setup::check_risk(one.risk, scenario.source);
  add_own_catalog(catalog, answer.inputs);
  if (!cut.empty()) answer.inputs.push_back({"--cut", report::content_hash(cut)});
  answer::JobFacts facts;
  if (scenario.model.name.empty() && scenario.model.config.empty()) {
    facts = answer::stated_job(scenario.risk, scenario.source);
  } else {
    const auto trained =
        answer::train(setup::set_up_train(catalog, scenario, config, read_file), {.threads = options.threads}, watched);
    if (!trained) {
      answer.result = trained.why();
      return answer;
    }
    facts = answer::job_facts(*trained, scenario.risk, scenario.source);
  }
  answer.result = answer::risk(std::move(setup), std::move(facts), scenario.source, options, &watched);
  if (answer.result) answer.cuts = answer::weigh_cuts(*answer.result, cuts, scenario.source, options, &watched);
  return answer;
}

std::string text(const RiskAnswer& answer) {
  return answer.result ? report::risk_text(*answer.result, answer.cuts)
                       : report::risk_refusal_text(answer.result.why());
}

std::string json(const RiskAnswer& answer) {
  return (answer.result ? report::risk_json(*answer.result, answer.cuts, answer.inputs)
                        : report::risk_refusal_json(answer.result.why(), answer.inputs))
             .dump() +
         "\n";
}

bool holds(const RiskAnswer& answer) { return answer.result && answer.result->storage.suffices(); }

std::string risk_svg(const RiskAnswer& answer) { return report::risk_svg(*answer.result); }

}  // namespace socle::api
