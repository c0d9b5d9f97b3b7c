#include "socle/scenario/scenario.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/utf8.hpp"
#include "socle/scenario/unused_flags.hpp"

namespace socle::scenario {
namespace {

ClusterSection& cluster_of(Scenario& scenario) {
  if (!scenario.cluster) scenario.cluster.emplace();
  return *scenario.cluster;
}

void read_file(std::string_view text, const std::string& source, const Vocabulary& vocabulary, Scenario& scenario) {
  const TomlDocument document = TomlDocument::parse(text, source);
  const TomlTable root = document.root();
  if (const auto table = root.optional_table("model")) read_keys(*table, model_keys(), scenario.model);
  if (const auto table = root.optional_table("training")) read_keys(*table, training_keys(), scenario.training);
  if (const auto table = root.optional_table("cluster")) scenario.cluster = read_cluster(*table, vocabulary, false);
  for (const TomlTable& table : root.tables("candidate"))
    scenario.candidates.push_back(read_cluster(table, vocabulary, true));
  if (const auto table = root.optional_table("layout")) read_keys(*table, layout_keys(), scenario.layout);
  if (const auto table = root.optional_table("limits")) read_keys(*table, limits_keys(), scenario.limits);
  if (const auto table = root.optional_table("fabric")) read_fabric(*table, vocabulary, scenario.fabric);
  if (const auto table = root.optional_table("traffic")) read_keys(*table, traffic_keys(vocabulary), scenario.traffic);
  if (const auto table = root.optional_table("serving")) {
    scenario.serving.in_file = true;
    read_keys(*table, serving_keys(vocabulary), scenario.serving);
    if (const auto lora = table->optional_table("lora")) read_keys(*lora, lora_keys(), scenario.serving.lora);
  }
  if (const auto table = root.optional_table("requests")) {
    scenario.requests.in_file = true;
    read_keys(*table, requests_keys(), scenario.requests);
    std::vector<RequestClassSection>& classes = scenario.requests.classes;
    for (const TomlTable& one : table->tables("class")) classes.push_back(read_request_class(one, classes));
  }
  if (const auto table = root.optional_table("cost")) {
    scenario.cost.in_file = true;
    read_keys(*table, cost_keys(), scenario.cost);
  }
  if (const auto table = root.optional_table("risk")) read_keys(*table, risk_keys(), scenario.risk);
  document.finish();
}

/// The spellings of a flag, the documented one first.
std::vector<std::string> spellings(const KeyFacts& facts) {
  std::vector<std::string> list{facts.flag};
  list.insert(list.end(), facts.other_flags.begin(), facts.other_flags.end());
  return list;
}

/// Flags in place of each other would undo each other in silence.
void refuse_both(const std::vector<Key<Scenario>>& keys, const Flags& given, Problems& problems) {
  for (const Key<Scenario>& key : keys) {
    if (!given.contains(key.facts.flag)) continue;
    for (const Key<Scenario>& other : keys) {
      const std::vector<std::string>& names = key.facts.instead_of;
      if (other.facts.section != key.facts.section || !given.contains(other.facts.flag) || other.facts.name.empty() ||
          std::find(names.begin(), names.end(), other.facts.name) == names.end())
        continue;
      problems.add({{}, 0, 0, key.facts.flag, both_given(other.facts.flag, key.facts.flag)});
    }
  }
}

void apply_flags(const Flags& flags, const std::vector<Key<Scenario>>& keys, Question question, Scenario& scenario,
                 Problems& problems) {
  // In the order of the list, so that --chips counts what --chip named.
  for (const Key<Scenario>& key : keys) {
    if (key.facts.flag.empty() || is_of_other_question(keys, key.facts, question)) continue;
    for (const std::string& spelling : spellings(key.facts)) {
      const auto found = flags.find(spelling);
      if (found == flags.end()) continue;
      if (!scenario.flags.emplace(key.facts.flag, found->second).second) {
        problems.add(
            {{},
             0,
             0,
             spelling,
             fmt::format("{} and {} are both given; they mean the same, write one of them", key.facts.flag, spelling)});
      }
      const std::string problem = key.set(found->second, scenario);
      if (!problem.empty())
        problems.add(
            {{}, 0, 0, spelling, fmt::format("{} = \"{}\": {}", spelling, printable(found->second, 40), problem)});
    }
  }
}

}  // namespace

std::vector<Key<Scenario>> scenario_keys(const Vocabulary& vocabulary) {
  std::vector<Key<Scenario>> keys =
      lifted<Scenario>(model_keys(), [](Scenario& s) -> ModelSection& { return s.model; });
  const auto add = [&](std::vector<Key<Scenario>> more) {
    keys.insert(keys.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  add(lifted<Scenario>(cluster_keys(vocabulary), cluster_of));
  add(lifted<Scenario>(training_keys(), [](Scenario& s) -> TrainingSection& { return s.training; }));
  add(lifted<Scenario>(layout_keys(), [](Scenario& s) -> workload::PartialLayout& { return s.layout; }));
  add(lifted<Scenario>(limits_keys(), [](Scenario& s) -> LimitsSection& { return s.limits; }));
  add(lifted<Scenario>(fabric_keys(vocabulary), [](Scenario& s) -> FabricSection& { return s.fabric; }));
  add(lifted<Scenario>(traffic_keys(vocabulary), [](Scenario& s) -> TrafficSection& { return s.traffic; }));
  add(lifted<Scenario>(serving_keys(vocabulary), [](Scenario& s) -> ServingSection& { return s.serving; }));
  add(lifted<Scenario>(lora_keys(), [](Scenario& s) -> LoraSection& { return s.serving.lora; }));
  add(lifted<Scenario>(requests_keys(), [](Scenario& s) -> RequestsSection& { return s.requests; }));
  add(lifted<Scenario>(cost_keys(), [](Scenario& s) -> CostSection& { return s.cost; }));
  add(lifted<Scenario>(risk_keys(), [](Scenario& s) -> RiskSection& { return s.risk; }));
  add(lifted<Scenario>(request_class_keys(),
                       [](Scenario& s) -> RequestClassSection& { return s.requests.classes.emplace_back(); }));
  return keys;
}

Scenario read_scenario(std::string_view text, const std::string& source, const Flags& flags, Question question,
                       const Vocabulary& vocabulary) {
  Scenario scenario;
  scenario.source = source;
  Problems problems;
  try {
    if (!source.empty()) read_file(text, source, vocabulary, scenario);
  } catch (const InputError& error) { problems.add(error.problems()); }
  const std::vector<Key<Scenario>> keys = scenario_keys(vocabulary);
  apply_flags(flags, keys, question, scenario, problems);
  refuse_both(keys, scenario.flags, problems);
  refuse_unused(keys, question, flags, scenario, problems);
  problems.throw_if_any();
  return scenario;
}

}  // namespace socle::scenario
