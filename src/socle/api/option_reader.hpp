#pragma once

#include <charconv>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/provenance.hpp"

namespace socle::api {

/// What options say, with every problem of them.
class OptionReader {
 public:
  explicit OptionReader(Problems& problems) : problems_(problems) {}

  std::optional<int> whole(const char* option, const std::string& text, int least, int most) {
    if (text.empty()) return std::nullopt;
    int value = least - 1;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && stop == text.data() + text.size() && value >= least && value <= most) return value;
    add(option, fmt::format("--{} = \"{}\"; write a whole number from {} to {}", option, printable(text), least, most));
    return std::nullopt;
  }
  template <typename T>
  std::optional<T> unit(const char* option, const std::string& text, T least, T most, const char* range) {
    if (text.empty()) return std::nullopt;
    const Parsed<T> parsed = parse_unit_text<T>(text);
    if (!parsed.value) {
      add(option, fmt::format("--{}: {}", option, parsed.problem));
    } else if (*parsed.value < least || *parsed.value > most) {
      add(option, fmt::format("--{} = \"{}\" is not {}", option, printable(text), range));
    } else {
      return parsed.value;
    }
    return std::nullopt;
  }
  std::optional<double> number(const char* option, const std::string& text, double least, double most) {
    if (text.empty()) return std::nullopt;
    const Parsed<double> parsed = parse_unit_text<double>(text);
    if (parsed.value && *parsed.value >= least && *parsed.value <= most) return parsed.value;
    add(option, fmt::format("--{} = \"{}\"; write a number from {} to {}", option, printable(text), least, most));
    return std::nullopt;
  }
  void add(const char* key, std::string text) { problems_.add({{}, 0, 0, key, std::move(text)}); }

 private:
  Problems& problems_;
};

/// Texts of options as one input; nothing when none is given.
inline void add_options(std::initializer_list<const std::string*> texts, std::vector<report::InputText>& inputs) {
  std::string all;
  bool any = false;
  for (const std::string* text : texts) {
    any = any || !text->empty();
    all += *text + "\n";
  }
  if (any) inputs.push_back({"options", report::content_hash(all)});
}

}  // namespace socle::api
