#include "socle/answer/migrate/training_arguments.hpp"

#include <algorithm>

#include "socle/base/error.hpp"
#include "socle/migrate/training/translate.hpp"

namespace socle::answer {
namespace {

using migrate::Change;
using migrate::LaunchStyle;

/// Names that a framework's parser takes, as far as the pack knows them.
std::vector<std::string> names_of(const migrate::ArgumentPack& pack, const migrate::Framework& framework) {
  std::vector<std::string> names;
  for (const migrate::ArgumentFacts& facts : pack.all()) {
    if (framework.style == LaunchStyle::kBridge) {
      for (const std::string& key : facts.bridge) names.push_back(key.substr(0, key.find('=')));
    } else if (framework.style == LaunchStyle::kDeepSpeed) {
      if (!facts.deepspeed.empty()) names.push_back(facts.deepspeed.substr(0, facts.deepspeed.find('=')));
    } else if (pack.takes(framework.key, facts.name)) {
      names.push_back(facts.name);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

void compare(const migrate::TrainingFacts& facts, const migrate::Passage& passage, ArgumentsResult& result) {
  const std::vector<std::string> from = names_of(facts.arguments, result.from),
                                 to = names_of(facts.arguments, result.to);
  result.known_from = from.size();
  result.known_to = to.size();
  for (const std::string& name : from) {
    migrate::Translated there = migrate::translate_name(facts, name, passage);
    if (there.change == Change::kSame)
      ++result.same;
    else
      result.changed.push_back(std::move(there));
  }
  if (result.from.style != LaunchStyle::kMegatron || result.to.style != LaunchStyle::kMegatron) return;
  for (const std::string& name : to) {
    if (std::binary_search(from.begin(), from.end(), name)) continue;
    const migrate::ArgumentFacts* there = facts.arguments.find(name);
    result.came.push_back({name, there->default_value, there->source});
  }
}

}  // namespace

std::size_t ArgumentsResult::went() const { return of_launch ? 0 : known_from - same; }

std::size_t ArgumentsResult::blocking() const {
  return static_cast<std::size_t>(
      std::count_if(changed.begin(), changed.end(), [](const auto& one) { return migrate::blocks(one.change); }));
}

ArgumentsResult training_arguments(const catalog::Catalog& catalog, const ArgumentsQuestion& question) {
  Problems problems;
  ArgumentsResult result;
  try {
    result.from = migrate::framework_of(question.from, "--from");
  } catch (const InputError& error) { problems.add(error.problems()); }
  try {
    result.to = migrate::framework_of(question.to, "--to");
  } catch (const InputError& error) { problems.add(error.problems()); }
  problems.throw_if_any();
  const migrate::ArgumentPack pack(catalog);
  const migrate::TrainingRules rules(catalog);
  const std::vector<migrate::Platform> platforms;
  const migrate::TrainingFacts facts{pack, rules, platforms};
  const migrate::Passage passage{question.from, question.to, {}};
  result.arguments_dated = pack.dated();
  result.rules_dated = rules.dated();
  result.rules = rules.size();
  if (question.texts.empty()) {
    compare(facts, passage, result);
    return result;
  }
  const migrate::JobRecord record = migrate::read_launch(pack, question.texts, {.framework = question.from});
  result.of_launch = true;
  result.file = record.file;
  result.notes = record.notes;
  migrate::JobRecord arguments;
  arguments.framework = record.framework;
  arguments.arguments = record.arguments;
  arguments.settings = record.settings;
  arguments.launch = record.launch;
  arguments.launcher = record.launcher;
  migrate::Translation made = migrate::translate(facts, arguments, passage);
  std::erase_if(made.items,
                [](const migrate::Translated& one) { return one.source == "launch formats of each framework"; });
  result.changed = std::move(made.items);
  result.same = static_cast<std::size_t>(std::count_if(result.changed.begin(), result.changed.end(),
                                                       [](const auto& one) { return one.change == Change::kSame; }));
  return result;
}

}  // namespace socle::answer
