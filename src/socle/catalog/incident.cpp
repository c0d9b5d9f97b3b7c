#include "socle/catalog/incident.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "socle/base/toml_reader.hpp"

namespace socle::catalog {
namespace {

constexpr double kMinute = 60, kMinutesMax = 1e6;

const std::vector<std::string>& domain_names() {
  static const std::vector<std::string> names = {"zone", "region", "product", "global"};
  return names;
}

std::vector<std::string> read_controls(const TomlTable& root, const char* key) {
  std::vector<std::string> names = root.optional_strings(key).value_or(std::vector<std::string>());
  for (const std::string& name : names) {
    const auto& known = incident_controls();
    if (std::none_of(known.begin(), known.end(), [&](const Control& one) { return one.name == name; }))
      root.problem(key, fmt::format("{} is no control; socle risk incident lists them", name));
  }
  return names;
}

Incident parse(std::string_view text, const std::string& source, std::string slug) {
  const TomlDocument document = TomlDocument::parse(text, source);
  const TomlTable root = document.root();
  Incident incident;
  incident.slug = std::move(slug);
  incident.name = root.required_string("name");
  root.ignore("aliases");
  incident.operator_name = root.required_string("operator");
  incident.date = root.required_string("date");
  incident.start = root.string_or("start", "");
  incident.end = root.string_or("end", "");
  if (const auto minutes = root.optional_real("minutes", 0.1, kMinutesMax))
    incident.length = Seconds{*minutes * kMinute};
  if (const auto minutes = root.optional_real("launch_minutes", 0.1, kMinutesMax))
    incident.launch = Seconds{*minutes * kMinute};
  if (const auto domain = root.optional_choice("domain", domain_names()))
    incident.domain = static_cast<IncidentDomain>(*domain);
  incident.channel = root.required_string("channel");
  incident.scope = root.string_or("scope", "");
  incident.cause = root.required_string("cause");
  incident.lesson = root.string_or("lesson", "");
  incident.doubt = root.string_or("doubt", "");
  incident.stopped_by = read_controls(root, "stopped_by");
  incident.eased_by = read_controls(root, "eased_by");
  incident.grade = root.required_string("grade");
  incident.provenance.source = root.required_string("source");
  incident.provenance.confidence = root.string_or("confidence", "reported");
  incident.provenance.checked = root.string_or("checked", "");
  document.finish();
  return incident;
}

}  // namespace

std::string_view domain_name(IncidentDomain domain) { return domain_names()[static_cast<std::size_t>(domain)]; }

const std::vector<Control>& incident_controls() {
  static const std::vector<Control> controls = {
      {"input-check", "shape and limits of what is pushed are checked before it goes out: stops it"},
      {"pre-launched", "spares run already: what was down because no machine could be started is not lost"},
      {"region-spare", "another region takes the traffic over: lost until it is noticed"},
      {"restart-admission", "tasks that restart are let in a few at a time: eases, by how much is not known"},
      {"restore-drill", "restoring data is practised and its time known: eases, by how much is not known"},
      {"rollback", "the way back is tested: lost until noticed and rolled back"},
      {"separate-control", "running work does not need the control plane: stops it"},
      {"staged-config", "configuration and data go out in stages: the first stage is lost until rolled back"},
      {"zone-spare", "the other zones carry the load of a lost one: lost until it is noticed"},
  };
  return controls;
}

std::vector<Incident> load_incidents(const Catalog& catalog) {
  constexpr std::string_view kFolder = "incidents/", kSuffix = ".toml";
  std::vector<Incident> incidents;
  for (const std::string& path : catalog.paths_under(kFolder))
    incidents.push_back(parse(catalog.text_of(path), catalog.source_of(path),
                              path.substr(kFolder.size(), path.size() - kFolder.size() - kSuffix.size())));
  std::sort(incidents.begin(), incidents.end(),
            [](const Incident& a, const Incident& b) { return std::tie(a.date, a.slug) < std::tie(b.date, b.slug); });
  return incidents;
}

Incident load_incident(const Catalog& catalog, std::string_view name) {
  const std::string slug = catalog.slug_of("incidents", name), path = fmt::format("incidents/{}.toml", slug);
  return parse(catalog.text_of(path), catalog.source_of(path), slug);
}

}  // namespace socle::catalog
