#include "socle/model/layer_pattern.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"

namespace socle::model {
namespace {

constexpr std::size_t kLayersMax = 4096;
constexpr int kDepthMax = 4;
constexpr std::size_t kPeriodMax = 24;

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-'; }

class PatternReader {
 public:
  PatternReader(std::string_view text, const std::vector<std::string>& names) : text_(text), names_(names) {}

  PatternResult read() {
    PatternResult result;
    result.layers = sequence(0);
    if (problem_.empty() && at_ < text_.size()) fail("a closing bracket without an opening one");
    if (problem_.empty() && result.layers.empty()) fail("no layer at all");
    if (!problem_.empty()) return {{}, problem_};
    return result;
  }

 private:
  void fail(std::string message) {
    if (problem_.empty()) problem_ = std::move(message);
  }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }

  std::vector<int> sequence(int depth) {
    std::vector<int> all;
    for (skip_blanks(); problem_.empty() && at_ < text_.size() && text_[at_] != ')'; skip_blanks()) {
      const std::vector<int> item = text_[at_] == '(' ? group(depth) : name();
      const std::size_t times = repeats();
      if (!problem_.empty()) break;
      if (all.size() + item.size() * times > kLayersMax) {
        fail(fmt::format("more than {} layers", kLayersMax));
        break;
      }
      for (std::size_t i = 0; i < times; ++i) all.insert(all.end(), item.begin(), item.end());
    }
    return all;
  }

  std::vector<int> group(int depth) {
    if (depth >= kDepthMax) {
      fail(fmt::format("brackets deeper than {}", kDepthMax));
      return {};
    }
    ++at_;
    std::vector<int> inner = sequence(depth + 1);
    if (at_ >= text_.size())
      fail("an opening bracket without a closing one");
    else
      ++at_;
    return inner;
  }

  std::vector<int> name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && in_name(text_[at_])) ++at_;
    const std::string word(text_.substr(start, at_ - start));
    if (word.empty()) {
      fail(fmt::format("\"{}\" where a kind, a bracket or a blank must stand", printable(text_.substr(at_, 1))));
      return {};
    }
    const auto found = std::find(names_.begin(), names_.end(), word);
    if (found == names_.end()) fail(fmt::format("no kind \"{}\"{}", word, did_you_mean(word, names_)));
    return {static_cast<int>(found - names_.begin())};
  }

  std::size_t repeats() {
    if (at_ >= text_.size() || text_[at_] != '*') return 1;
    std::size_t count = 0;
    const std::size_t start = ++at_;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      count = std::min(kLayersMax + 1, count * 10 + static_cast<std::size_t>(text_[at_] - '0'));
    }
    if (at_ == start || count == 0) fail("an asterisk without a count of at least 1 after it");
    return count;
  }

  std::string_view text_;
  const std::vector<std::string>& names_;
  std::size_t at_ = 0;
  std::string problem_;
};

std::string runs(const std::vector<int>& layers, std::size_t from, std::size_t to,
                 const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t at = from; at < to;) {
    std::size_t end = at + 1;
    while (end < to && layers[end] == layers[at]) ++end;
    const std::string& name = names[static_cast<std::size_t>(layers[at])];
    out += fmt::format("{}{}", out.empty() ? "" : " ", name);
    if (end - at > 1) out += fmt::format("*{}", end - at);
    at = end;
  }
  return out;
}

std::size_t repeats_of(const std::vector<int>& layers, std::size_t at, std::size_t period) {
  std::size_t count = 1;
  while (at + (count + 1) * period <= layers.size() &&
         std::equal(layers.begin() + static_cast<std::ptrdiff_t>(at),
                    layers.begin() + static_cast<std::ptrdiff_t>(at + period),
                    layers.begin() + static_cast<std::ptrdiff_t>(at + count * period))) {
    ++count;
  }
  return count;
}

}  // namespace

PatternResult read_pattern(std::string_view text, const std::vector<std::string>& names) {
  return PatternReader(text, names).read();
}

std::string write_pattern(const std::vector<int>& layers, const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t at = 0; at < layers.size();) {
    std::size_t saved = 0, period = 0, count = 0;  // the group that covers most repeated layers
    for (std::size_t p = 2; p <= std::min(kPeriodMax, (layers.size() - at) / 2); ++p) {
      const auto from = layers.begin() + static_cast<std::ptrdiff_t>(at);
      if (std::set<int>(from, from + static_cast<std::ptrdiff_t>(p)).size() == 1) continue;
      const std::size_t n = repeats_of(layers, at, p);
      if ((n - 1) * p > saved) saved = (n - 1) * p, period = p, count = n;
    }
    if (!out.empty()) out += ' ';
    if (saved > 0) {
      out += fmt::format("({})*{}", runs(layers, at, at + period, names), count);
      at += period * count;
      continue;
    }
    std::size_t end = at + 1;
    while (end < layers.size() && layers[end] == layers[at]) ++end;
    out += runs(layers, at, end, names);
    at = end;
  }
  return out;
}

}  // namespace socle::model
