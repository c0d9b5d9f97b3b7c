#include "socle/catalog/data_rule.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "socle/base/suggest.hpp"
#include "socle/base/toml_reader.hpp"
#include "socle/base/utf8.hpp"

namespace socle::catalog {
namespace {

constexpr double kPersonsMost = 1e11;
constexpr std::string_view kFolder = "transfer/", kSuffix = ".toml";

const std::vector<std::string>& need_names() {
  static const std::vector<std::string> names = {"exempt", "contract", "assessment", "unknown"};
  return names;
}

DataRule read_rule(const TomlTable& table) {
  DataRule rule;
  rule.id = table.required_string("id");
  rule.effective = table.required_string("effective");
  rule.ends = table.string_or("ends", "");
  rule.instrument = table.required_string("instrument");
  rule.test = table.required_string("test");
  rule.means = table.string_or("means", "");
  rule.to = table.optional_strings("to").value_or(std::vector<std::string>());
  rule.ground = table.optional_strings("ground").value_or(std::vector<std::string>());
  for (const std::string& ground : rule.ground) {
    const auto& known = transfer_grounds();
    if (std::find(known.begin(), known.end(), ground) == known.end())
      table.problem("ground", fmt::format("ground = \"{}\" is none; write some of {}", ground, fmt::join(known, ", ")));
  }
  rule.critical_operator = table.optional_boolean("critical_operator");
  rule.recipient_covered = table.optional_boolean("recipient_covered");
  rule.no_personal_data = table.boolean_or("no_personal_data", false);
  rule.important_data = table.boolean_or("important_data", false);
  rule.persons_from = table.optional_real("persons_from", 1, kPersonsMost);
  rule.sensitive_from = table.optional_real("sensitive_from", 1, kPersonsMost);
  if (!table.has("need"))
    table.problem("need", fmt::format("need is missing; write one of {}", fmt::join(need_names(), ", ")));
  if (const auto need = table.optional_choice("need", need_names())) rule.need = static_cast<TransferNeed>(*need);
  rule.provenance = {.source = table.required_string("source"),
                     .confidence = table.string_or("confidence", "estimate"),
                     .checked = table.string_or("checked", ""),
                     .notes = table.string_or("notes", "")};
  return rule;
}

Jurisdiction parse(std::string_view text, const std::string& source, std::string slug) {
  const TomlDocument document = TomlDocument::parse(text, source);
  const TomlTable root = document.root();
  Jurisdiction jurisdiction{
      .slug = std::move(slug), .name = root.required_string("name"), .code = root.required_string("code"), .rules = {}};
  root.ignore("aliases");
  for (const TomlTable& table : root.tables("rule")) jurisdiction.rules.push_back(read_rule(table));
  document.finish();
  return jurisdiction;
}

std::string slug_of(const Catalog& catalog, std::string_view name) {
  try {
    return catalog.slug_of("transfer", name);
  } catch (const InputError&) {
    std::vector<std::string> known;
    for (const Jurisdiction& one : load_jurisdictions(catalog)) known.push_back(one.slug);
    throw InputError(
        Problem{{},
                0,
                0,
                "from",
                fmt::format("the catalogue has no rules of \"{}\" on data that leaves{} It has those of {}",
                            printable(std::string(name), 40),
                            nearest_name(name, known) ? did_you_mean(name, known) : ".", fmt::join(known, ", "))});
  }
}

}  // namespace

std::string_view need_name(TransferNeed need) { return need_names()[static_cast<std::size_t>(need)]; }

const std::vector<std::string>& transfer_grounds() {
  static const std::vector<std::string> names = {"contract", "employment", "emergency",
                                                 "transit",  "trade",      "free-trade-zone"};
  return names;
}

Jurisdiction load_jurisdiction(const Catalog& catalog, std::string_view name) {
  const std::string slug = slug_of(catalog, name), path = fmt::format("{}{}{}", kFolder, slug, kSuffix);
  return parse(catalog.text_of(path), catalog.source_of(path), slug);
}

std::vector<Jurisdiction> load_jurisdictions(const Catalog& catalog) {
  std::vector<Jurisdiction> all;
  for (const std::string& path : catalog.paths_under(kFolder))
    all.push_back(parse(catalog.text_of(path), catalog.source_of(path),
                        path.substr(kFolder.size(), path.size() - kFolder.size() - kSuffix.size())));
  return all;
}

}  // namespace socle::catalog
