#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "socle/base/split_list.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/scenario/key.hpp"
#include "socle/scenario/named.hpp"

/// Kinds of values: each makes a key that reads the same from a file and from a flag. `get` finds the field in the
/// section: a pointer to a member, or a function that returns a reference.
namespace socle::scenario {

/// A whole number in a range, from text; returns what is wrong with it.
template <typename T>
std::string parse_whole(const std::string& text, T least, T most, std::optional<T>& value) {
  T number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || number < least || number > most)
    return fmt::format("write an integer from {} to {}", least, most);
  value = number;
  return {};
}

/// The first text in quotes of a sentence, with its quotes: the example that an accepted unit gives.
std::string first_quoted(const std::string& sentence);

/// One of several names, from text; returns what is wrong with it.
std::string parse_choice(const std::string& text, const std::vector<std::string>& names, std::size_t& index);

template <typename Section, typename T, typename Get>
Key<Section> integer_key(KeyFacts facts, Get get, T least, T most) {
  facts.accepts = fmt::format("an integer from {} to {}", least, most);
  facts.example = fmt::format("{}", std::max<T>(least, 1));
  return {std::move(facts),
          [=](const TomlTable& table, const std::string& name, Section& section) {
            if (const auto value = table.optional_integer(name, least, most))
              std::invoke(get, section) = static_cast<T>(*value);
          },
          [=](const std::string& text, Section& section) {
            std::optional<T> value;
            const std::string problem = parse_whole<T>(text, least, most, value);
            if (value) std::invoke(get, section) = *value;
            return problem;
          }};
}

template <typename Section, typename Get>
Key<Section> real_key(KeyFacts facts, Get get, double least, double most) {
  facts.accepts = fmt::format("a number from {:g} to {:g}", least, most);
  facts.example = fmt::format("{:.1f}", std::min(most, std::max(least, 0.9)));
  return {std::move(facts),
          [=](const TomlTable& table, const std::string& name, Section& section) {
            if (const auto value = table.optional_real(name, least, most)) std::invoke(get, section) = *value;
          },
          [=](const std::string& text, Section& section) {
            const Parsed<double> parsed = parse_unit_text<double>(text);
            if (!parsed.value || !(*parsed.value >= least && *parsed.value <= most))
              return fmt::format("write a number from {} to {}", least, most);
            std::invoke(get, section) = *parsed.value;
            return std::string();
          }};
}

template <typename Section, typename Get>
Key<Section> boolean_key(KeyFacts facts, Get get) {
  facts.accepts = "true or false";
  facts.example = "true";
  return {std::move(facts),
          [=](const TomlTable& table, const std::string& name, Section& section) {
            if (const auto value = table.optional_boolean(name)) std::invoke(get, section) = *value;
          },
          [=](const std::string& text, Section& section) {
            if (text != "true" && text != "false") return std::string("write true or false");
            std::invoke(get, section) = text == "true";
            return std::string();
          }};
}

/// Is zero a sensible value of a quantity?
enum class Zero { kRefused, kAllowed };

template <typename T>
bool is_zero(const T& value) {
  if constexpr (std::is_same_v<T, Money>)
    return !(value.amount > 0);
  else
    return !(value > T{});
}

/// What a key allows less than its kind of quantity does, with its text: "10 s".
template <typename T>
struct AtMost {
  T most;
  const char* text;
};

template <typename T, typename Section, typename Get>
Key<Section> quantity_key(KeyFacts facts, Get get, Zero zero = Zero::kRefused, std::optional<AtMost<T>> limit = {}) {
  facts.accepts = std::string(accepted_unit_text<T>()) + (limit ? fmt::format(", at most {}", limit->text) : "");
  facts.example = first_quoted(facts.accepts);
  const auto wrong = [zero, limit, accepts = facts.accepts](const T& value) -> std::string {
    static_cast<void>(limit);  // of money there is none
    if (zero == Zero::kRefused && is_zero(value)) return fmt::format("is zero; write {}", accepts);
    if constexpr (!std::is_same_v<T, Money>) {
      if (limit && value > limit->most) return fmt::format("is out of range; write {}", accepts);
    }
    return {};
  };
  return {std::move(facts),
          [=](const TomlTable& table, const std::string& name, Section& section) {
            const auto value = table.optional_quantity<T>(name);
            if (!value) return;
            if (const std::string problem = wrong(*value); !problem.empty())
              table.problem(name, fmt::format("{} {}", name, problem));
            std::invoke(get, section) = *value;
          },
          [=](const std::string& text, Section& section) {
            const Parsed<T> parsed = parse_unit_text<T>(text);
            if (!parsed.value) return parsed.problem;
            if (const std::string problem = wrong(*parsed.value); !problem.empty()) return "it " + problem;
            std::invoke(get, section) = *parsed.value;
            return std::string();
          }};
}

/// One of several names; `keep` makes the value from the name's place.
template <typename Section, typename Get, typename Keep>
Key<Section> one_of_key(KeyFacts facts, Get get, const std::vector<std::string>& names, Keep keep) {
  facts.accepts = fmt::format("one of {}", fmt::join(names, ", "));
  facts.choices = names;
  facts.example = fmt::format("\"{}\"", names.front());
  return {std::move(facts),
          [=](const TomlTable& table, const std::string& name, Section& section) {
            if (const auto index = table.optional_choice(name, names))
              std::invoke(get, section) = keep(static_cast<std::size_t>(*index));
          },
          [=](const std::string& text, Section& section) {
            std::size_t index = 0;
            const std::string problem = parse_choice(text, names, index);
            if (problem.empty()) std::invoke(get, section) = keep(index);
            return problem;
          }};
}

/// One of several names, kept as the enumerator of its place.
template <typename Enum, typename Section, typename Get>
Key<Section> choice_key(KeyFacts facts, Get get, const std::vector<std::string>& names) {
  return one_of_key<Section>(std::move(facts), get, names, [](std::size_t i) { return static_cast<Enum>(i); });
}

/// One of several names, kept as text.
template <typename Section, typename Get>
Key<Section> word_key(KeyFacts facts, Get get, const std::vector<std::string>& names) {
  return one_of_key<Section>(std::move(facts), get, names, [names](std::size_t i) { return names[i]; });
}

/// A name that a later step looks up.
template <typename Section, typename Get>
Key<Section> name_key(KeyFacts facts, Get get, const char* example) {
  facts.accepts = fmt::format("a name such as {}", example);
  facts.example = fmt::format("\"{}\"", example);
  return {std::move(facts),
          [=](const TomlTable& table, const std::string& name, Section& section) {
            const auto text = table.optional_string(name);
            if (!text) return;
            if (text->empty()) table.problem(name, fmt::format("{} is an empty text; write a name", name));
            std::invoke(get, section) = Named{*text, table.position(name)};
          },
          [=](const std::string& text, Section& section) {
            std::invoke(get, section) = Named{text, {}};
            return std::string(text.empty() ? fmt::format("write a name such as {}", example) : "");
          }};
}

/// Any text.
template <typename Section, typename Get>
Key<Section> text_key(KeyFacts facts, Get get, const char* accepts, const char* example) {
  facts.accepts = accepts;
  facts.example = fmt::format("\"{}\"", example);
  return {std::move(facts),
          [=](const TomlTable& table, const std::string& name, Section& section) {
            if (const auto text = table.optional_string(name)) std::invoke(get, section) = *text;
          },
          [=](const std::string& text, Section& section) {
            std::invoke(get, section) = text;
            return std::string(text.empty() ? fmt::format("write {}", accepts) : "");
          }};
}

/// Several texts: an array in a file, joined by commas on the command line. `check` says what is wrong with them.
using CheckTexts = std::function<std::string(const std::vector<std::string>&)>;
template <typename Section, typename Get>
Key<Section> texts_key(KeyFacts facts, Get get, const char* accepts, const char* example, CheckTexts check) {
  facts.accepts = accepts;
  facts.example = example;
  return {std::move(facts),
          [=](const TomlTable& table, const std::string& name, Section& section) {
            const auto texts = table.optional_strings(name);
            if (!texts) return;
            if (const std::string problem = check(*texts); !problem.empty())
              table.problem(name, fmt::format("{}: {}", name, problem));
            std::invoke(get, section) = *texts;
          },
          [=](const std::string& text, Section& section) {
            const std::vector<std::string> texts = split_list(text);
            if (std::find(texts.begin(), texts.end(), "") != texts.end())
              return fmt::format("one of them is empty; write {}, joined by commas", accepts);
            std::invoke(get, section) = texts;
            return check(texts);
          }};
}

/// One number or several: a number or an array in a file, joined by commas on the command line.
template <typename T, typename Section, typename Get>
Key<Section> numbers_key(KeyFacts facts, Get get, T least, T most, std::size_t count_most = 64,
                         std::size_t count_least = 1) {
  constexpr bool whole = std::is_integral_v<T>;
  const std::string kind = fmt::format("{} from {} to {}", whole ? "integers" : "numbers", least, most);
  facts.accepts =
      count_least == 1 ? "one or several " + kind : fmt::format("{} to {} {}", count_least, count_most, kind);
  facts.example = fmt::format("[{}]", least);
  const std::string accepted = fmt::format("write {} to {} {}, joined by commas", count_least, count_most, kind);
  const auto take = [=](const std::vector<double>& numbers, Section& section) {
    std::vector<T> list;
    for (const double number : numbers) {
      if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most)) ||
          (whole && number != std::floor(number)))
        return false;
      list.push_back(static_cast<T>(number));
    }
    if (list.size() < count_least || list.size() > count_most) return false;
    std::invoke(get, section) = list;
    return true;
  };
  return {std::move(facts),
          [=](const TomlTable& table, const std::string& name, Section& section) {
            if (!table.has(name)) return;
            std::vector<double> numbers;
            if (table.is_array(name)) {
              const auto list = table.optional_reals(name);
              if (!list) return;
              numbers = *list;
            } else {
              const auto one = whole ? table.optional_integer(name, static_cast<std::int64_t>(least),
                                                              static_cast<std::int64_t>(most))
                                     : std::nullopt;
              const auto real = whole
                                    ? std::nullopt
                                    : table.optional_real(name, static_cast<double>(least), static_cast<double>(most));
              if (!one && !real) return;
              numbers.push_back(one ? static_cast<double>(*one) : *real);
            }
            if (!take(numbers, section))
              table.problem(name, fmt::format("{} must hold {} to {} {}", name, count_least, count_most, kind));
          },
          [=](const std::string& text, Section& section) {
            std::vector<double> numbers;
            for (const std::string& part : split_list(text)) {
              const Parsed<double> number = parse_unit_text<double>(part);
              if (!number.value) return accepted;
              numbers.push_back(*number.value);
            }
            return take(numbers, section) ? std::string() : accepted;
          }};
}

}  // namespace socle::scenario
