#include "socle/answer/migrate/code_migration.hpp"

#include <utility>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"
#include "socle/migrate/code/patch.hpp"

namespace socle::answer {
namespace {

constexpr const char* kNames = "compat/cuda-names.csv";
constexpr const char* kPlatforms = "compat/platforms.csv";
constexpr std::size_t kPatchMax = std::size_t{256} << 20;

CsvTable table_of(const catalog::Catalog& catalog, const char* path) {
  return parse_csv(catalog.text_of(path), catalog.source_of(path));
}

migrate::NameTable names_of(const catalog::Catalog& catalog, std::string_view own, const std::string& own_source) {
  const CsvTable pack = table_of(catalog, kNames);
  if (own_source.empty()) return {pack, nullptr};
  const CsvTable rows = parse_csv(own, own_source);
  return {pack, &rows};
}

std::vector<MigrationPlatform> platforms_of(const catalog::Catalog& catalog, const migrate::NameTable& names) {
  const CsvTable table = table_of(catalog, kPlatforms);
  table.require_columns({"platform", "name", "column", "dated", "basis", "source", "patch", "meaning"});
  std::vector<MigrationPlatform> platforms;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    platforms.push_back({.key = table.cell(row, "platform"),
                         .name = table.cell(row, "name"),
                         .names = names.known_in(table.cell(row, "column")),
                         .dated = table.cell(row, "dated"),
                         .basis = table.cell(row, "basis"),
                         .source = table.cell(row, "source"),
                         .meaning = table.cell(row, "meaning"),
                         .patch = table.cell(row, "patch") == "yes"});
  }
  return platforms;
}

/// `patch -p1` takes no way up and no root.
bool climbs(std::string_view path) { return path.starts_with("../") || path.find("/../") != std::string_view::npos; }

CodeResult nothing_read(const catalog::Catalog& catalog, std::string_view own, const std::string& own_source) {
  CodeResult result{
      .names = names_of(catalog, own, own_source), .census = {}, .targets = {}, .platforms = {}, .patch = {}};
  result.platforms = platforms_of(catalog, result.names);
  return result;
}

}  // namespace

std::vector<MigrationPlatform> migration_platforms(const catalog::Catalog& catalog) {
  return platforms_of(catalog, names_of(catalog, {}, {}));
}

const MigrationPlatform& CodeResult::platform(migrate::Target target) const {
  for (const MigrationPlatform& platform : platforms) {
    if (platform.key == migrate::target_key(target)) return platform;
  }
  throw InputError(Problem{{}, 0, 0, {}, fmt::format("catalog/{} lacks {}", kPlatforms, migrate::target_key(target))});
}

CodeReader::CodeReader(const catalog::Catalog& catalog, std::string_view own, const std::string& own_source,
                       std::optional<migrate::Target> patch_to)
    : result_(nothing_read(catalog, own, own_source)), patch_to_(patch_to) {}

void CodeReader::read(const std::string& name, std::string_view source) {
  const auto language = migrate::language_of(name);
  SOCLE_CHECK(language.has_value(), "a source is read by its extension");
  const migrate::FileScan found = migrate::scan(source, *language, migrate::is_device_file(name), result_.names);
  result_.census.add(escape_controls(name, ""), source, *language, found);
  if (!patch_to_) return;
  const std::string path = name.substr(std::min(name.find_first_not_of('/'), name.size()));
  const std::string part = migrate::rename_patch(path, source, found, result_.names, *patch_to_);
  if (part.empty()) return;
  if (climbs(path) || !migrate::can_stand_in_a_patch(path)) {
    ++result_.patch_left_out;
    return;
  }
  if (result_.patch.size() + part.size() > kPatchMax)
    throw InputError(Problem{{}, 0, 0, "--diff", "the patch grows beyond 256 MiB; name smaller folders one by one"});
  result_.patch += part;
}

CodeResult CodeReader::finish(const std::vector<migrate::Target>& targets) {
  for (const migrate::Target target : targets)
    result_.targets.push_back(migrate::judge(result_.names, result_.census, target));
  return std::move(result_);
}

}  // namespace socle::answer
