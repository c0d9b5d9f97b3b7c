#pragma once

#include <string>
#include <utility>

#include "socle/scenario/values.hpp"
#include "socle/workload/length_text.hpp"

namespace socle::scenario {

/// Lengths as text: an integer or a text in a file. `files`: it may name a file of lengths.
template <typename Section>
Key<Section> length_key(KeyFacts about, Named Section::*member, bool files) {
  about.accepts = files ? workload::kLengthTexts : "4, 2-8 or \"lognormal 4 0.5\" (mean, variation)";
  about.example = files ? "\"800-1200\"" : "\"2-8\"";
  const auto problem_of = [files](const std::string& text) {
    if (files && workload::names_length_file(text)) return std::string();
    return workload::parse_length_law(text).problem;
  };
  return {std::move(about),
          [=](const TomlTable& table, const std::string& name, Section& section) {
            std::optional<std::string> text;
            if (table.is_text(name))
              text = table.optional_string(name);
            else if (const auto whole = table.optional_integer(name, 1, workload::kLengthMax))
              text = std::to_string(*whole);
            if (!text) return;
            if (const std::string problem = problem_of(*text); !problem.empty())
              table.problem(name, fmt::format("{}: {}", name, problem));
            section.*member = Named{*text, table.position(name)};
          },
          [=](const std::string& text, Section& section) {
            section.*member = Named{text, {}};
            return problem_of(text);
          }};
}

}  // namespace socle::scenario
