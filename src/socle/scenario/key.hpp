#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "socle/base/toml_reader.hpp"
#include "socle/scenario/question.hpp"

namespace socle::scenario {

/// What one key of a scenario is, for people: help, reference, templates.
struct KeyFacts {
  std::string section;                     ///< "training", "cluster.fabric", "fabric.prices"
  std::string name;                        ///< "sequence_length"; empty = on the command line only
  std::string flag;                        ///< "--sequence-length"; empty = in files only
  std::string value;                       ///< what follows the flag: "N", "NAME"
  std::string help;                        ///< one line, with the default
  std::string accepts{};                   ///< "an integer from 1 to 65536"
  std::string example{};                   ///< a value as a file writes it: 8, "80 GB", ["a", "b"]
  std::vector<std::string> choices{};      ///< when it takes one of several names
  Questions questions = kJobs;             ///< on which it acts
  bool common = false;                     ///< among the first that --help shows
  std::vector<std::string> other_names{};  ///< other spellings that files keep taking
  std::vector<std::string> other_flags{};  ///< and the command line
  std::vector<std::string> instead_of{};   ///< keys above it in its section that say the same otherwise: one is given
};

/// The facts of a key that --help shows among the first.
inline KeyFacts common(KeyFacts about) {
  about.common = true;
  return about;
}

/// One key of a section: how a file states it and how a flag does. Both come to the same field.
template <typename Section>
struct Key {
  KeyFacts facts;
  /// Reads the key from a file under one of its names; problems go to the document.
  std::function<void(const TomlTable& table, const std::string& name, Section& section)> read;
  /// Sets it from the text of a flag; returns what is wrong, or an empty text.
  std::function<std::string(const std::string& text, Section& section)> set;
};

/// The keys of one section on a larger whole, such as [layout] on a scenario.
template <typename Whole, typename Section, typename Get>
std::vector<Key<Whole>> lifted(std::vector<Key<Section>> keys, Get get) {
  std::vector<Key<Whole>> list;
  for (Key<Section>& key : keys) {
    list.push_back(
        {std::move(key.facts),
         [read = std::move(key.read), get](const TomlTable& table, const std::string& name, Whole& whole) {
           read(table, name, get(whole));
         },
         [set = std::move(key.set), get](const std::string& text, Whole& whole) { return set(text, get(whole)); }});
  }
  return list;
}

inline std::string both_given(const std::string& one, const std::string& other) {
  return one + " and " + other + " are both given; write one of them";
}

/// Reads the keys that stand in a table; two spellings of one key, or two keys in place of each other, are a problem.
template <typename Section>
void read_keys(const TomlTable& table, const std::vector<Key<Section>>& keys, Section& section) {
  for (const Key<Section>& key : keys) {
    if (key.facts.name.empty()) continue;
    key.read(table, key.facts.name, section);
    for (const std::string& other : key.facts.other_names) {
      if (!table.has(other)) continue;
      if (table.has(key.facts.name))
        table.problem(other,
                      key.facts.name + " and " + other + " are both given; they mean the same, write one of them");
      key.read(table, other, section);
    }
    for (const std::string& other : key.facts.instead_of) {
      if (table.has(key.facts.name) && table.has(other))
        table.problem(key.facts.name, both_given(other, key.facts.name));
    }
  }
}

}  // namespace socle::scenario
