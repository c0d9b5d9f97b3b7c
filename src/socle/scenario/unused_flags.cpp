#include "socle/scenario/unused_flags.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "socle/base/suggest.hpp"

namespace socle::scenario {
namespace {

/// Does a key act on jobs only, not on networks and exchanges?
bool is_of_job(const KeyFacts& facts) {
  if (facts.section == "cluster")
    return facts.name == "stack" || facts.name == "power_cap" || facts.name == "memory" ||
           facts.name == "memory_bandwidth";
  return facts.section == "model" || facts.section == "training" || facts.section == "layout" ||
         facts.name == "memory_headroom";
}

std::string questions_text(Questions questions) {
  std::string text;
  for (const Question question : kAllQuestions) {
    if (questions.has(question)) text += (text.empty() ? "socle " : ", socle ") + std::string(command_of(question));
  }
  return text;
}

std::optional<std::string> unused_in_training(const KeyFacts& facts, const Scenario& scenario) {
  const bool of_network = facts.section.starts_with("fabric") && facts.name != "network" && facts.name != "transport";
  if (of_network && !scenario.fabric.flow()) return "acts with --network flow only; add that, or leave it out";
  if (facts.name == "topology" && facts.section == "cluster.fabric" && !scenario.fabric.flow())
    return "acts with --network flow only; add that, or leave it out";
  return std::nullopt;
}

std::optional<std::string> unused_in_simulation(const KeyFacts& facts, const Scenario& scenario) {
  if (is_of_job(facts) && !scenario.traffic.step()) return "acts with --traffic step only; add that, or leave it out";
  const std::string kind = scenario.traffic.kind.empty() ? "all-reduce" : scenario.traffic.kind;
  if (facts.section == "traffic" && !acts_on_traffic(facts.name, kind))
    return fmt::format("does not act on traffic of kind {}; leave it out", kind);
  return std::nullopt;
}

std::optional<std::string> unused_on_network(const KeyFacts& facts, const Scenario& scenario) {
  if (facts.section != "fabric") return std::nullopt;
  if (!scenario.fabric.file.empty()) {
    if (!acts_on_topology(facts.name, "file")) return "does not act on a network of your own; leave it out";
    return std::nullopt;
  }
  const std::string& named = scenario.fabric.topology;
  const std::string in_cluster = scenario.cluster ? scenario.cluster->topology : std::string();
  const std::string topology = !named.empty()                                   ? named
                               : in_cluster.empty() || in_cluster == kLeafSpine ? "fat-tree"
                                                                                : in_cluster;
  if (!acts_on_topology(facts.name, topology))
    return fmt::format("does not act on the topology {}; leave it out", topology);
  return std::nullopt;
}

std::optional<std::string> unused(const KeyFacts& facts, Question question, const Scenario& scenario) {
  if (!facts.questions.has(question))
    return fmt::format("does not act on socle {}; it is for {}", command_of(question), questions_text(facts.questions));
  std::optional<std::string> why;
  if (question == Question::kTrain) why = unused_in_training(facts, scenario);
  if (question == Question::kSimulate) why = unused_in_simulation(facts, scenario);
  const bool names_model = !scenario.model.name.empty() || !scenario.model.config.empty();
  if (question == Question::kDesign && is_of_job(facts) && !names_model)
    why = "acts on the steps of a model only; add --model, or leave it out";
  const bool built = question == Question::kSimulate || (question == Question::kTrain && scenario.fabric.flow());
  if (!why && built) why = unused_on_network(facts, scenario);
  if (!why && question == Question::kPlan && facts.section.starts_with("cluster") && !scenario.candidates.empty()) {
    why = "does not act on a scenario with [[candidate]]; write it into the candidates, or leave it out";
  }
  return why;
}

}  // namespace

bool is_of_other_question(const std::vector<Key<Scenario>>& keys, const KeyFacts& facts, Question question) {
  if (facts.questions.has(question)) return false;
  return std::any_of(keys.begin(), keys.end(), [&](const Key<Scenario>& other) {
    return other.facts.flag == facts.flag && other.facts.questions.has(question);
  });
}

bool acts_on_topology(const std::string& key, const std::string& topology) {
  const auto only = [&](std::initializer_list<const char*> topologies) {
    return std::any_of(topologies.begin(), topologies.end(), [&](const char* one) { return topology == one; });
  };
  if (key == "endpoints") return topology == "file";
  const bool fat_trees = only({"fat-tree", "rail-optimized", "rail-only", "multi-plane"});
  if (key == "tiers" || key == "oversubscription") return fat_trees;
  if (key == "planes") return only({"multi-plane"});
  if (key == "groups") return only({"dragonfly", "dragonfly+"});
  if (key == "group_routers") return only({"dragonfly"});
  if (key == "router_endpoints") return only({"dragonfly", "slim-fly", "torus"});
  if (key == "field") return only({"slim-fly"});
  if (key == "torus") return only({"torus"});
  const bool of_shape = key == "topology" || key == "hosts" || key == "link" || key == "radix" ||
                        key == "hop_latency" || key.starts_with("scale_up") || key == "rail_forwarding";
  return topology != "file" || !of_shape;
}

void refuse_unused(const std::vector<Key<Scenario>>& keys, Question question, const Flags& given,
                   const Scenario& scenario, Problems& problems) {
  std::vector<std::string> known;
  for (const Key<Scenario>& key : keys) {
    known.push_back(key.facts.flag);
    known.insert(known.end(), key.facts.other_flags.begin(), key.facts.other_flags.end());
    if (key.facts.flag.empty() || !scenario.flags.contains(key.facts.flag)) continue;
    if (is_of_other_question(keys, key.facts, question)) continue;
    if (const auto why = unused(key.facts, question, scenario))
      problems.add({{}, 0, 0, key.facts.flag, fmt::format("{} {}", key.facts.flag, *why)});
  }
  for (const auto& [flag, text] : given) {
    if (std::find(known.begin(), known.end(), flag) == known.end())
      problems.add({{}, 0, 0, flag, fmt::format("{} is no flag of a scenario{}", flag, did_you_mean(flag, known))});
  }
}

}  // namespace socle::scenario
