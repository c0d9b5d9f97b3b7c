#include "socle/catalog/catalog.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"
#include "socle/catalog/embedded.hpp"
#include "socle/catalog/loaders.hpp"

namespace socle::catalog {
namespace {

constexpr std::string_view kSuffix = ".toml";

std::string normal(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ' ' || c == '_')
      out += '-';
    else
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::string slug_in(const std::string& path) {
  const std::size_t start = path.rfind('/') + 1;
  return path.substr(start, path.size() - start - kSuffix.size());
}

std::string path_in(std::string_view folder, std::string_view slug) {
  return fmt::format("{}/{}{}", folder, slug, kSuffix);
}

// Any 16-bit or 8-bit peak serves where none is known.
bool fact_is_missing(const std::string& key, const std::vector<std::string>& missing) {
  const bool peak = key == "bf16" || key == "fp16" || key == "fp8";
  return std::find(missing.begin(), missing.end(), peak ? "bf16" : key) != missing.end();
}

}  // namespace

Catalog::Catalog() : Catalog(std::vector<OverlayFile>()) {}

Catalog::Catalog(std::vector<OverlayFile> overlay) {
  for (const EmbeddedFile& file : embedded_files()) {
    files_[std::string(file.path)] = File{file.text, {}, fmt::format("catalog/{}", file.path), false};
  }
  Problems problems;
  for (OverlayFile& file : overlay) {
    if (const auto bad = find_invalid_utf8(file.text))
      problems.add(
          {file.source, line_of(file.text, *bad), 0, {}, "the text is not valid UTF-8; save the file as UTF-8"});
    files_[file.path] = File{{}, std::move(file.text), std::move(file.source), true};
  }
  problems.throw_if_any();
}

Catalog Catalog::assuming(std::vector<AssumedFact> facts) const {
  Catalog catalog = *this;
  Problems problems;
  std::set<std::pair<std::string, std::string>> seen;
  for (AssumedFact& fact : facts) {
    try {
      const Chip chip = this->chip(fact.chip);
      fact.chip = chip.slug;
      if (!seen.emplace(fact.chip, fact.key).second)
        problems.add({{}, 0, 0, "assume", fmt::format("--assume: {}.{} is given twice", fact.chip, fact.key)});
      const std::vector<std::string> missing = missing_facts(chip);
      const bool free = fact.key == "memory" || fact.key == "power" ||
                        (fact.key == "scale_up" && !chip.scale_up_bandwidth) || fact_is_missing(fact.key, missing);
      if (!free) {
        problems.add(
            {{},
             0,
             0,
             "assume",
             fmt::format("--assume: {} of {} is public or not asked for; change it in a copy of {} under --catalog "
                         "DIR",
                         fact.key, chip.name, path_in("chips", chip.slug))});
      }
    } catch (const InputError& error) { problems.add(error.problems()); }
  }
  problems.throw_if_any();
  catalog.assumed_ = std::move(facts);
  return catalog;
}

std::string Catalog::own_text() const {
  std::string text;
  for (const auto& [path, file] : files_) {
    if (file.overlaid) text += fmt::format("{} {}\n{}\n", path, file.owned.size(), file.owned);
  }
  for (const AssumedFact& fact : assumed_) text += fact.text() + "\n";
  return text;
}

std::string Catalog::slug_of(std::string_view folder, std::string_view name) const {
  const std::string wanted = normal(name);
  if (has(path_in(folder, wanted))) return wanted;
  std::vector<std::string> known;
  for (const std::string& path : paths_under(fmt::format("{}/", folder))) {
    if (!path.ends_with(kSuffix)) continue;
    const std::string slug = slug_in(path);
    known.push_back(slug);
    for (const std::string& other : load_names(text_of(path), source_of(path))) {
      if (normal(other) == wanted) return slug;
      known.push_back(other);
    }
  }
  const std::string kind(folder == "libraries" ? "library" : folder.substr(0, folder.size() - 1));
  throw InputError(Problem{{},
                           0,
                           0,
                           kind,
                           fmt::format("unknown {} \"{}\"{}{} `socle catalog {}` lists them", kind, printable(name),
                                       did_you_mean(name, known), nearest_name(name, known) ? "" : ";", folder)});
}

Chip Catalog::chip(std::string_view name) const {
  const std::string slug = slug_of("chips", name);
  const std::string path = path_in("chips", slug);
  Chip chip = load_chip(text_of(path), source_of(path), slug);
  for (const AssumedFact& fact : assumed_) {
    if (fact.chip == slug) chip = with_fact(std::move(chip), fact);
  }
  return chip;
}

Node Catalog::node(std::string_view name) const {
  const std::string slug = slug_of("nodes", name);
  const std::string path = path_in("nodes", slug);
  return load_node(text_of(path), source_of(path), slug);
}

bool Catalog::has(std::string_view path) const { return files_.find(path) != files_.end(); }

std::string_view Catalog::text_of(std::string_view path) const {
  const auto found = files_.find(path);
  if (found != files_.end()) {
    const File& file = found->second;
    return file.overlaid ? std::string_view(file.owned) : file.text;
  }
  throw InputError(Problem{{}, 0, 0, {}, fmt::format("the catalogue has no file \"{}\"", printable(path))});
}

std::string Catalog::source_of(std::string_view path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? std::string(path) : found->second.source;
}

std::vector<std::string> Catalog::paths_under(std::string_view prefix) const {
  std::vector<std::string> paths;
  for (auto at = files_.lower_bound(prefix); at != files_.end() && at->first.starts_with(prefix); ++at) {
    paths.push_back(at->first);
  }
  return paths;
}

namespace {

/// Loads every TOML file under a prefix; problems of all files are gathered before they are thrown.
template <typename Load>
void for_each_file(const Catalog& catalog, std::string_view prefix, Load load) {
  Problems problems;
  for (const std::string& path : catalog.paths_under(prefix)) {
    if (!path.ends_with(kSuffix)) continue;
    try {
      load(path, catalog.text_of(path), catalog.source_of(path));
    } catch (const InputError& error) { problems.add(error.problems()); }
  }
  problems.throw_if_any();
}

template <typename T>
void append(std::vector<T>& list, std::vector<T> more) {
  for (T& item : more) list.push_back(std::move(item));
}

}  // namespace

std::vector<Chip> Catalog::chips() const {
  std::vector<Chip> list;
  for_each_file(*this, "chips/", [&](const std::string& path, std::string_view text, const std::string& source) {
    list.push_back(load_chip(text, source, slug_in(path)));
  });
  return list;
}

std::vector<Node> Catalog::nodes() const {
  std::vector<Node> list;
  for_each_file(*this, "nodes/", [&](const std::string& path, std::string_view text, const std::string& source) {
    list.push_back(load_node(text, source, slug_in(path)));
  });
  return list;
}

std::vector<NetworkGear> Catalog::gear() const {
  std::vector<NetworkGear> list;
  for_each_file(*this, "network/", [&](const std::string&, std::string_view text, const std::string& source) {
    append(list, load_gear(text, source));
  });
  return list;
}

std::vector<Price> Catalog::prices() const {
  std::vector<Price> list;
  for_each_file(*this, "prices/", [&](const std::string&, std::string_view text, const std::string& source) {
    append(list, load_prices(text, source));
  });
  return list;
}

std::vector<ExportRule> Catalog::export_rules() const {
  std::vector<ExportRule> list;
  for_each_file(*this, "export/rules", [&](const std::string&, std::string_view text, const std::string& source) {
    append(list, load_export_rules(text, source));
  });
  return list;
}

std::vector<ExportRecord> Catalog::export_records() const {
  std::vector<ExportRecord> list;
  for_each_file(*this, "export/records", [&](const std::string&, std::string_view text, const std::string& source) {
    append(list, load_export_records(text, source));
  });
  return list;
}

}  // namespace socle::catalog
