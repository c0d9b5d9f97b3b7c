#include "socle/catalog/transport.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/toml_reader.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/catalog/loaders.hpp"

namespace socle::catalog {
namespace {

constexpr std::string_view kFolder = "transports/", kSuffix = ".toml";

Transport load(const Catalog& catalog, const std::string& slug) {
  const std::string path = fmt::format("{}{}{}", kFolder, slug, kSuffix);
  const TomlDocument document = TomlDocument::parse(catalog.text_of(path), catalog.source_of(path));
  const TomlTable root = document.root();
  Transport transport;
  transport.slug = slug;
  transport.name = root.required_string("name");
  root.ignore("aliases");
  transport.words = root.optional_strings("words").value_or(std::vector<std::string>());
  transport.share = root.required_real("share", 0.01, 1.0);
  transport.provenance.source = root.required_string("source");
  transport.provenance.confidence = root.string_or("confidence", "estimate");
  transport.provenance.checked = root.string_or("checked", "");
  transport.provenance.notes = root.string_or("notes", "");
  document.finish();
  return transport;
}

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// Where a word stands by itself, without regard to case.
std::size_t place_of(std::string_view word, std::string_view text) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  for (auto at = text.begin();; ++at) {
    at = std::search(at, text.end(), word.begin(), word.end(), same);
    if (at == text.end()) return std::string_view::npos;
    const auto end = at + static_cast<std::ptrdiff_t>(word.size());
    if ((at == text.begin() || !in_word(*(at - 1))) && (end == text.end() || !in_word(*end)))
      return static_cast<std::size_t>(at - text.begin());
  }
}

}  // namespace

Transport transport(const Catalog& catalog, std::string_view name) {
  std::vector<std::string> slugs, known;
  for (const std::string& path : catalog.paths_under(kFolder)) {
    slugs.push_back(path.substr(kFolder.size(), path.size() - kFolder.size() - kSuffix.size()));
    known.push_back(slugs.back());
    for (std::string& other : load_names(catalog.text_of(path), catalog.source_of(path)))
      known.push_back(std::move(other));
    if (std::find_if(known.begin(), known.end(),
                     [&](const std::string& one) { return plain_name(one) == plain_name(name); }) != known.end())
      return load(catalog, slugs.back());
  }
  throw InputError(
      Problem{{},
              0,
              0,
              "transport",
              fmt::format("unknown transport \"{}\"; write one of {}{}", printable(std::string(name.substr(0, 60))),
                          fmt::join(slugs, ", "), did_you_mean(std::string(name.substr(0, 60)), known))});
}

std::optional<Transport> transport_in_text(const Catalog& catalog, std::string_view text) {
  std::optional<Transport> first;
  std::size_t first_place = std::string_view::npos;
  for (const std::string& path : catalog.paths_under(kFolder)) {
    Transport one = load(catalog, path.substr(kFolder.size(), path.size() - kFolder.size() - kSuffix.size()));
    for (const std::string& word : one.words) {
      const std::size_t place = place_of(word, text);
      if (place == std::string_view::npos || place >= first_place) continue;
      first_place = place;
      first = one;
    }
  }
  return first;
}

std::string transport_text(const Transport& transport) {
  const bool measured = transport.provenance.confidence != "estimate" && transport.provenance.checked != "recall";
  return fmt::format("{}, {} of a link ({})", transport.name, format_percent(transport.share),
                     measured                                   ? transport.provenance.confidence
                     : transport.provenance.checked == "recall" ? "recall"
                                                                : "estimate");
}

}  // namespace socle::catalog
