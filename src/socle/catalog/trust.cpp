#include "socle/catalog/trust.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace socle::catalog {
namespace {

bool is_word_part(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// True when `word` stands in the text with no letter or digit on either side.
bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !is_word_part(text[at - 1]);
    if (starts && (end == text.size() || !is_word_part(text[end]))) return true;
  }
  return false;
}

}  // namespace

bool doubtful(const Provenance& provenance, std::initializer_list<std::string_view> words) {
  if (provenance.confidence == "estimate") return true;
  const std::string_view checked = provenance.checked;
  bool rest_doubtful = false;
  for (std::size_t at = 0; at < checked.size();) {
    const std::size_t end = std::min(checked.find(';', at), checked.size());
    std::string_view part = checked.substr(at, end - at);
    at = end + 1;
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    const std::size_t colon = std::min(part.find(':'), part.size());
    const std::string_view kind = part.substr(0, colon);
    const std::string_view fields = colon < part.size() ? part.substr(colon + 1) : std::string_view();
    const bool bad = kind == "recall" || kind == "estimate" || kind == "derived";
    const bool listed =
        std::any_of(words.begin(), words.end(), [&](std::string_view w) { return has_word(fields, w); });
    if (listed) return bad;
    if (bad && (fields.empty() || has_word(fields, "rest") || has_word(fields, "figures"))) rest_doubtful = true;
  }
  return rest_doubtful;
}

}  // namespace socle::catalog
