#pragma once

#include <vector>

#include "socle/migrate/platform.hpp"
#include "socle/migrate/training/argument_pack.hpp"
#include "socle/migrate/training/rules.hpp"
#include "socle/migrate/translation.hpp"

namespace socle::migrate {

/// Facts that a translation rests on. Requires: they outlive it.
struct TrainingFacts {
  const ArgumentPack& arguments;
  const TrainingRules& rules;
  const std::vector<Platform>& platforms;
};

/// A job in another framework's words, and what became of each item of it.
struct Translation {
  JobRecord record;
  std::vector<Translated> items;  ///< one for all that was read, additions last
};

/// Translates arguments, settings, launcher, environment and commands before the launch. Between frameworks that do not
/// speak Megatron's words it goes by way of Megatron-LM main. Nothing is dropped without an item.
/// Requires: both keys of `passage` are frameworks, its platform is one or empty (as it was).
Translation translate(const TrainingFacts& facts, const JobRecord& record, const Passage& passage);

/// The record in Megatron's words, for its needs: itself, or translated to Megatron-LM main.
JobRecord in_megatron_words(const TrainingFacts& facts, const JobRecord& record);

/// What becomes of an argument of this name without a job around it.
Translated translate_name(const TrainingFacts& facts, std::string_view name, const Passage& passage);

/// Environment and what else a platform asks for; part of translate().
void translate_environment(const TrainingFacts& facts, const JobRecord& record, const Passage& passage,
                           Translation& made);

/// Texts in {braces} of a rule worked out for a job; nothing where something is missing.
std::optional<std::string> filled_in(const std::string& text, const Argument& argument, const JobRecord& record);

}  // namespace socle::migrate
