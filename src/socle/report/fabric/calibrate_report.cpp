#include "socle/report/fabric/calibrate_report.hpp"

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_scale.hpp"

namespace socle::report {
namespace {

BytesPerSecond bus_of(const answer::Sweep& sweep) { return BytesPerSecond{sweep.bus_gb_s() * 1e9}; }

std::string table_of(const answer::CalibrateResult& measured) {
  std::vector<TextColumn> columns{{"collective", Align::kLeft, true}, {"gpus", Align::kRight},
                                  {"nodes", Align::kRight},           {"sizes", Align::kRight},
                                  {"start", Align::kRight},           {"bus", Align::kRight},
                                  {"half-size", Align::kRight}};
  for (const char* name : answer::kSizeClassNames) columns.push_back({name, Align::kRight});
  TextTable table(columns);
  const auto start = column_unit(measured.sweeps, [](const answer::Sweep& s) { return s.line.start; });
  const auto bus = column_unit(measured.sweeps, bus_of);
  const auto half = column_unit(measured.sweeps, [](const answer::Sweep& s) { return s.line.half; });
  for (const answer::Sweep& s : measured.sweeps) {
    std::vector<std::string> cells{
        std::string(s.title),     std::to_string(s.ranks), std::to_string(s.nodes), std::to_string(s.points.size()),
        start.text(s.line.start), bus.text(bus_of(s)),     half.text(s.line.half)};
    for (const auto& error : s.error) cells.push_back(error ? format_percent(*error) : "");
    table.add_row(std::move(cells));
  }
  return table.str();
}

}  // namespace

std::string calibrate_text(const answer::CalibrateResult& measured) {
  const kernel::CollectiveFile& file = measured.curves;
  std::string text =
      fmt::format("{}: time = start + bytes / rate; the last columns are the line's mean error by size\n\n",
                  measured.chip) +
      table_of(measured);
  if (file.nic_fraction)
    text += fmt::format("\nbetween nodes: {} of {} a chip\n", format_percent(*file.nic_fraction), measured.nic);
  if (file.nic_latency)
    text += fmt::format("{}one message between nodes: {}\n", file.nic_fraction ? "" : "\n",
                        format_seconds(*file.nic_latency));
  return text;
}

Json calibrate_json(const answer::CalibrateResult& measured, const std::vector<InputText>& inputs) {
  const kernel::CollectiveFile& file = measured.curves;
  Json json = Json::object();
  json.set("schema", "socle.fabric.calibrate/1");
  json.set("provenance", provenance("fabric calibrate", inputs));
  json.set("chip", measured.chip);
  json.set("nic_fraction", file.nic_fraction ? Json(*file.nic_fraction) : Json());
  json.set("nic_latency_s", file.nic_latency ? Json(file.nic_latency->value()) : Json());
  Json list = Json::array();
  for (const answer::Sweep& s : measured.sweeps) {
    Json entry = Json::object({{"collective", s.title},
                               {"gpus", s.ranks},
                               {"nodes", s.nodes},
                               {"sizes", s.points.size()},
                               {"start_s", s.line.start.value()},
                               {"bus_bandwidth_bytes_per_s", s.bus_gb_s() * 1e9},
                               {"half_size_bytes", s.line.half.value()},
                               {"mean_absolute_error", s.line.error}});
    Json errors = Json::object();
    for (std::size_t i = 0; i < answer::kSizeClassNames.size(); ++i)
      errors.set(answer::kSizeClassNames[i], s.error[i] ? Json(*s.error[i]) : Json());
    entry.set("mean_absolute_error_by_bytes", std::move(errors));
    list.push(std::move(entry));
  }
  json.set("collectives", std::move(list));
  return json;
}

}  // namespace socle::report
