#include "socle/catalog/site.hpp"

#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "socle/base/toml_reader.hpp"
#include "socle/base/unit_text.hpp"

namespace socle::catalog {
namespace {

constexpr double kEarthRadius = 6.371e6;                  // metres
constexpr double kLightInFibre = 299'792'458.0 * 2 / 3;   // metres a second
constexpr double kMillisecond = 1e-3, kLongest = 10'000;  // ms

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

/// Haversine form, exact for points that are near each other too.
double great_circle(const Site& a, const Site& b) {
  const double north = std::sin(radians(b.latitude - a.latitude) / 2);
  const double east = std::sin(radians(b.longitude - a.longitude) / 2);
  const double chord = north * north + std::cos(radians(a.latitude)) * std::cos(radians(b.latitude)) * east * east;
  return 2 * kEarthRadius * std::asin(std::sqrt(chord));
}

Site read_site(const TomlTable& table) {
  Site site;
  site.slug = table.required_string("slug");
  site.place = table.required_string("place");
  site.latitude = table.required_real("latitude", -90, 90);
  site.longitude = table.required_real("longitude", -180, 180);
  return site;
}

/// What stands in one row, against the sites of the columns.
void read_row(const TomlTable& table, const std::vector<Site>& sites, Site& from) {
  constexpr const char* kKey = "round_trip_ms";
  const std::vector<double> row = table.optional_reals(kKey).value_or(std::vector<double>());
  if (row.size() != sites.size()) {
    table.problem(kKey,
                  fmt::format("{} of {} has {} figures and the file {} sites; write one for each in their order, 0 "
                              "where none is known",
                              kKey, from.slug, row.size(), sites.size()));
    return;
  }
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == 0) continue;
    const RoundTrip trip{
        .to = sites[i].slug, .time = Seconds{row[i] * kMillisecond}, .least = least_round_trip(from, sites[i])};
    if (!(trip.time >= trip.least && row[i] <= kLongest))
      table.problem(kKey, fmt::format("{} = {:g} from {} to {} is not from {}, which light in fibre needs, to 10 s; "
                                      "correct it or the coordinates",
                                      kKey, row[i], from.slug, trip.to, format_seconds(trip.least)));
    from.round_trips.push_back(trip);
  }
}

std::vector<Site> parse(std::string_view text, const std::string& source) {
  const TomlDocument document = TomlDocument::parse(text, source);
  const TomlTable root = document.root();
  const std::string operator_name = root.required_string("name"), date = root.string_or("date", "");
  const Provenance provenance{.source = root.required_string("source"),
                              .confidence = root.string_or("confidence", "estimate"),
                              .checked = root.string_or("checked", ""),
                              .notes = root.string_or("notes", "")};
  const std::vector<TomlTable> tables = root.tables("site");
  std::vector<Site> sites;
  for (const TomlTable& table : tables) {
    sites.push_back(read_site(table));
    sites.back().operator_name = operator_name;
    sites.back().date = date;
    sites.back().provenance = provenance;
  }
  for (std::size_t i = 0; i < sites.size(); ++i) read_row(tables[i], sites, sites[i]);
  document.finish();
  return sites;
}

}  // namespace

Seconds least_round_trip(const Site& from, const Site& to) {
  return Seconds{2 * great_circle(from, to) / kLightInFibre};
}

std::vector<Site> load_sites(const Catalog& catalog) {
  std::vector<Site> all;
  for (const std::string& path : catalog.paths_under("sites/")) {
    for (Site& site : parse(catalog.text_of(path), catalog.source_of(path))) all.push_back(std::move(site));
  }
  return all;
}

}  // namespace socle::catalog
