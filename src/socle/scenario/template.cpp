#include "socle/scenario/template.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/suggest.hpp"
#include "socle/base/text_table.hpp"
#include "socle/scenario/scenario.hpp"

namespace socle::scenario {
namespace {

constexpr int kWidth = 100;

/// A section of a template: its heading, whose keys it shows, and which of them are said.
struct Part {
  const char* heading;                                    ///< "[cluster]", "[[candidate]]"
  const char* section;                                    ///< of the keys
  std::vector<std::pair<const char*, const char*>> said;  ///< key and value
  bool shows_others = true;                               ///< lists the keys that are not said
};

struct Template {
  const char* name;
  const char* head;
  Questions questions;
  std::vector<Part> parts;
};

std::vector<Template> templates() {
  const Part model{"[model]", "model", {{"name", "\"llama-3-70b\""}}};
  const Part training{
      "[training]", "training", {{"tokens", "\"1T\""}, {"sequence_length", "8192"}, {"global_batch", "512"}}};
  const Part limits{"[limits]", "limits", {}};
  const Part layout{"[layout]", "layout", {}};
  return {
      {"train",
       "A training job on one cluster: socle train FILE. What [layout] leaves out is searched.",
       {Question::kTrain},
       {model,
        training,
        {"[cluster]", "cluster", {{"node", "\"hgx-h100\""}, {"nodes", "64"}, {"rent", "\"2.1 USD/chip-hour\""}}},
        layout,
        limits}},
      {"plan",
       "Several clusters for one job: socle plan FILE. A candidate without nodes is sized to the deadline.",
       {Question::kPlan},
       {model,
        training,
        {"[[candidate]]", "cluster", {{"node", "\"hgx-h100\""}, {"nodes", "64"}, {"rent", "\"2.1 USD/chip-hour\""}}},
        {"[[candidate]]", "cluster", {{"node", "\"hgx-h20\""}, {"rent", "\"1.1 USD/chip-hour\""}}, false},
        layout,
        {"[limits]", "limits", {{"deadline", "\"90 days\""}}}}},
      {"risk",
       "What failures leave of a training job: socle risk FILE. Without [model] and [training], run and "
       "checkpoint_bytes say it.",
       {Question::kRisk},
       {model,
        training,
        {"[cluster]", "cluster", {{"node", "\"hgx-h100\""}, {"nodes", "64"}, {"rent", "\"2.1 USD/chip-hour\""}}},
        {"[risk]", "risk", {{"hot_spares", "2"}}}}},
      {"fabric",
       "A network: socle fabric design FILE chooses one, socle fabric simulate FILE runs [traffic] through it.",
       {Question::kDesign, Question::kSimulate},
       {{"[fabric]", "fabric", {{"hosts", "128"}, {"nics", "8"}, {"link", "\"400 Gb/s\""}}},
        {"[traffic]", "traffic", {{"kind", "\"all-reduce\""}, {"bytes", "\"1 GB\""}}},
        limits}}};
}

/// "tp = 8                # Tensor-parallel size", the comment wrapped below when it is long.
std::string line(const std::string& assignment, const std::string& comment) {
  const std::string one = fmt::format("{:<36} # {}", assignment, comment);
  if (one.size() <= kWidth) return one + "\n";
  std::string text;
  for (const char* margin = "# "; const char c : wrap_text(comment, kWidth - 2, 0)) {
    if (*margin != '\0') text += std::exchange(margin, "");
    text += c;
    if (c == '\n') margin = "# ";
  }
  return text + assignment + "\n";
}

std::string comment_of(const KeyFacts& facts) {
  const bool told = facts.help.find("such as") != std::string::npos || facts.accepts.starts_with("a name");
  return told ? facts.help : fmt::format("{} ({})", facts.help, facts.accepts);
}

bool acts(const KeyFacts& facts, const Template& of) {
  for (const Question question :
       {Question::kTrain, Question::kPlan, Question::kRisk, Question::kDesign, Question::kSimulate}) {
    if (of.questions.has(question) && facts.questions.has(question)) return true;
  }
  return false;
}

std::string part_text(const Part& part, const Template& of, const std::vector<Key<Scenario>>& keys) {
  std::string text = fmt::format("\n{}\n", part.heading);
  for (const Key<Scenario>& key : keys) {
    const KeyFacts& facts = key.facts;
    if (facts.section != part.section || facts.name.empty()) continue;
    const auto said =
        std::find_if(part.said.begin(), part.said.end(), [&](const auto& one) { return facts.name == one.first; });
    if (said != part.said.end()) {
      text += line(fmt::format("{} = {}", facts.name, said->second), facts.help);
    } else if (part.shows_others && acts(facts, of)) {
      text += line(fmt::format("# {} = {}", facts.name, facts.example), comment_of(facts));
    }
  }
  return text;
}

}  // namespace

const std::vector<std::string>& template_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Template& one : templates()) list.emplace_back(one.name);
    return list;
  }();
  return names;
}

std::string scenario_template(std::string_view name, const Vocabulary& vocabulary) {
  const std::vector<Key<Scenario>> keys = scenario_keys(vocabulary);
  for (const Template& one : templates()) {
    if (one.name != name) continue;
    std::string text =
        fmt::format("# {}\n# Keys behind a # are those that may be said; take the # away to say one.\n", one.head);
    for (const Part& part : one.parts) text += part_text(part, one, keys);
    return text;
  }
  throw InputError(Problem{{},
                           0,
                           0,
                           {},
                           fmt::format("there is no template \"{}\"; write one of {}{}", name,
                                       fmt::join(template_names(), ", "), did_you_mean(name, template_names()))});
}

}  // namespace socle::scenario
