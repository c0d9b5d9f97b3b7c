#include "socle/setup/chip_spelling.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <vector>

#include "socle/base/error.hpp"

namespace socle::setup {
namespace {

struct Generation {
  std::string_view word, chip;
};
constexpr std::array<Generation, 6> kGenerations = {{{"sm80", "a100-sxm-80gb"},
                                                     {"ampere", "a100-sxm-80gb"},
                                                     {"sm90", "h100-sxm"},
                                                     {"hopper", "h100-sxm"},
                                                     {"sm100", "b200-sxm"},
                                                     {"blackwell", "b200-sxm"}}};

std::optional<std::string> known(const catalog::Catalog& catalog, const std::string& name) {
  try {
    return catalog.slug_of("chips", name);
  } catch (const InputError&) {  // not a name: the caller tries the next spelling
    return std::nullopt;
  }
}

// Lower-case words, cut at everything that is neither a letter nor a digit.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words{""};
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte))
      words.back() += static_cast<char>(std::tolower(byte));
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// "RTXPRO6000": the one chip whose slug begins so when both are written without separators.
std::string run_together(const catalog::Catalog& catalog, const std::vector<std::string>& words) {
  std::string wanted, found;
  for (const std::string& word : words) wanted += word;
  if (wanted.size() < 4) return {};
  constexpr std::string_view kFolder = "chips/", kSuffix = ".toml";
  for (const std::string& path : catalog.paths_under(std::string(kFolder))) {
    const std::string slug = path.substr(kFolder.size(), path.size() - kFolder.size() - kSuffix.size());
    std::string plain;
    for (const std::string& word : words_of(slug)) plain += word;
    if (plain == wanted) return slug;
    if (!plain.starts_with(wanted)) continue;
    if (!found.empty()) return {};
    found = slug;
  }
  return found;
}

bool has_word(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string chip_of_spelling(const catalog::Catalog& catalog, std::string_view text) {
  if (text.empty()) return {};
  if (auto slug = known(catalog, std::string(text))) return *slug;
  const std::vector<std::string> words = words_of(text);
  std::string form, memory;
  for (const std::string& word : words) {
    if (word == "pcie" || word == "nvl") form = "-" + word;
    if (word.size() > 2 && word.ends_with("gb") && std::isdigit(static_cast<unsigned char>(word[0])))
      memory = "-" + word;
  }
  for (const std::string& word : words) {
    const bool model = word.size() >= 2 &&
                       std::any_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c); }) &&
                       std::isalpha(static_cast<unsigned char>(word[0]));
    if (!model) continue;
    // The stated form first: "H100 NVL" is another chip than "H100".
    for (const std::string& suffix :
         {form + memory, form.empty() ? "-sxm" + memory : form, form, memory, std::string("-sxm"), std::string()}) {
      if (auto slug = known(catalog, word + suffix)) return *slug;
    }
  }
  for (const Generation& generation : kGenerations) {
    if (has_word(words, generation.word)) return std::string(generation.chip);
  }
  return run_together(catalog, words);
}

}  // namespace socle::setup
