#pragma once

#include <string>
#include <vector>

#include "socle/migrate/training/framework.hpp"
#include "socle/migrate/training/read_launch.hpp"
#include "socle/migrate/translation.hpp"

namespace socle::answer {

/// What `socle migrate arguments` asks.
struct ArgumentsQuestion {
  std::string from, to;                   ///< keys of frameworks
  std::vector<migrate::JobText> texts{};  ///< none: the two parsers are compared
};

/// An argument that the target has and the source has not.
struct NewArgument {
  std::string name, default_value, source;
};

struct ArgumentsResult {
  migrate::Framework from, to;
  std::size_t known_from = 0, known_to = 0, same = 0;
  std::vector<NewArgument> came;             ///< empty where the target is told by keys of its own
  std::vector<migrate::Translated> changed;  ///< those of the source that are not the same there; of a launch: all
  bool of_launch = false;
  std::string file;
  std::vector<migrate::JobRecord::Note> notes;
  std::string arguments_dated, rules_dated;
  std::size_t rules = 0;

  std::size_t went() const;  ///< of the source's, those without the same name there
  std::size_t blocking() const;
};

/// Throws InputError for unknown frameworks and what cannot be read.
ArgumentsResult training_arguments(const catalog::Catalog& catalog, const ArgumentsQuestion& question);

}  // namespace socle::answer
