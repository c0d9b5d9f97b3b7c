#include "socle/report/fabric/simulate_report.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/csv.hpp"
#include "socle/base/text_table.hpp"
#include "socle/base/unit_scale.hpp"
#include "socle/report/fabric/fabric_svg.hpp"

namespace socle::report {
namespace {

constexpr std::size_t kSlowestShown = 6, kTraceMax = 200'000;

std::string link_name(const net::Topology& topology, net::LinkId link) {
  return topology.node_name(topology.links()[link].from) + " -> " + topology.node_name(topology.links()[link].to);
}

/// Slowest messages first.
std::vector<std::size_t> slowest(const answer::SimulateResult& run) {
  const auto& all = run.result.transfers;
  std::vector<std::size_t> order(all.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const std::size_t shown = std::min(kSlowestShown, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return std::make_pair(-all[a].duration.value(), a) < std::make_pair(-all[b].duration.value(), b);
                    });
  order.resize(shown);
  return order;
}

std::string library_text(const answer::SimulateResult& run) {
  const answer::LibraryFigures& library = *run.library;
  const auto unit = unit_for(run.result.time);
  std::string text =
      library.protocol.empty()
          ? fmt::format("  Parts                start {}, bytes inside the domain {}\n", unit.text(library.latency),
                        unit.text(library.inside))
          : fmt::format("  Parts                start and hops {}, then at once across NICs {} and inside {}\n",
                        unit.text(library.latency), unit.text(library.outside), unit.text(library.inside));
  if (!(run.buffer > Bytes{})) return text;
  const BytesPerSecond slow = run.buffer / library.high * run.bus_factor,
                       fast = run.buffer / library.low * run.bus_factor;
  const auto rate = unit_for(fast);
  return text + fmt::format("  Range                {} to {} of bus bandwidth, where nothing collides or fails\n",
                            rate.text(slow), rate.text(fast));
}

std::string figures_text(const answer::SimulateResult& run) {
  const comm::SimulationResult& result = run.result;
  const auto unit = unit_for(result.time);
  std::string text = fmt::format("\n  Completion time      {}\n", unit.text(result.time));
  if (run.ideal)
    text += fmt::format("  On unshared links    {}  ({})\n", unit.text(*run.ideal),
                        run.library ? "the library's closed form: nothing collides"
                                    : "the same messages, each member alone on its link");
  if (result.time > Seconds{} && run.buffer > Bytes{}) {
    const BytesPerSecond algorithm = run.buffer / result.time;
    const auto rate = unit_for(algorithm);
    text += fmt::format("  Algorithm bandwidth  {}\n  Bus bandwidth        {}  (as nccl-tests defines it)\n",
                        rate.text(algorithm), rate.text(algorithm * run.bus_factor));
  }
  if (run.library) text += library_text(run);
  std::size_t used = 0;
  double sum = 0, most = 0;
  for (const double share : run.utilisation) used += share > 0, sum += share, most = std::max(most, share);
  text += fmt::format("  Links used           {} of {}, {} of their capacity on average, {} at most\n",
                      format_whole(used), format_whole(run.utilisation.size()),
                      format_percent(used ? sum / static_cast<double>(used) : 0.0), format_percent(most));
  text += fmt::format("  Found by             {}\n  Work                 {} flows routed, {} max-min solutions\n",
                      comm::method_name(result.method), format_whole(result.flows), format_whole(result.counts.solves));
  if (result.stalled > 0)
    text += fmt::format("  STALLED              {} messages never arrived: what failed leaves them no way\n",
                        format_whole(result.stalled));
  return text;
}

std::string hottest_text(const answer::SimulateResult& run) {
  if (run.hottest.empty()) return {};
  TextTable table({{"Hottest links"},
                   {"used", Align::kRight},
                   {"bytes", Align::kRight},
                   {"messages", Align::kRight},
                   {"among them"}});
  const auto bytes = column_unit(run.hottest, [](const answer::HotLink& hot) { return Bytes{hot.bytes}; });
  for (const answer::HotLink& hot : run.hottest) {
    std::string among;
    for (const std::size_t i : hot.examples)
      among +=
          fmt::format("{}{}>{}", among.empty() ? "" : " ", run.result.transfers[i].from, run.result.transfers[i].to);
    table.add_row({link_name(*run.topology, hot.link), format_percent(hot.utilisation), bytes.text(Bytes{hot.bytes}),
                   hot.flows ? format_whole(hot.flows) : "sprayed", among});
  }
  return "\n" + table.str();
}

std::string slowest_text(const answer::SimulateResult& run) {
  if (run.result.transfers.empty()) return {};
  TextTable table({{"Slowest messages"},
                   {"round", Align::kRight},
                   {"bytes", Align::kRight},
                   {"start", Align::kRight},
                   {"took", Align::kRight},
                   {"rate", Align::kRight}});
  std::vector<comm::TransferRecord> shown;
  for (const std::size_t i : slowest(run)) shown.push_back(run.result.transfers[i]);
  const auto rate_of = [](const comm::TransferRecord& t) {
    return t.duration > Seconds{} ? std::optional(t.bytes / t.duration) : std::nullopt;
  };
  const auto bytes = column_unit(shown, &comm::TransferRecord::bytes);
  const auto start = column_unit(shown, &comm::TransferRecord::start);
  const auto took = column_unit(shown, &comm::TransferRecord::duration);
  const auto rate = column_unit(shown, rate_of);
  for (const comm::TransferRecord& t : shown) {
    table.add_row({fmt::format("{} -> {}", run.topology->node_name(t.from), run.topology->node_name(t.to)),
                   fmt::format("{}", t.round), bytes.text(t.bytes), start.text(t.start), took.text(t.duration),
                   rate.text(rate_of(t), "-")});
  }
  return "\n" + table.str();
}

std::string sizes_text(const answer::SimulateResult& run) {
  if (run.sizes.empty()) return {};
  TextTable table({{"Size", Align::kRight},
                   {"time", Align::kRight},
                   {"algorithm bandwidth", Align::kRight},
                   {"bus bandwidth", Align::kRight}});
  for (const answer::SizePoint& point : run.sizes) {
    // Sizes and times span decades, so each row has units of its own; both bandwidths share one.
    const auto rate = unit_for(point.algorithm_bandwidth);
    table.add_row({format_bytes(point.bytes), format_seconds(point.time), rate.text(point.algorithm_bandwidth),
                   rate.text(point.bus_bandwidth)});
  }
  return "\n" + table.str();
}

std::vector<Seconds> sorted_times(const answer::SimulateResult& run) {
  std::vector<Seconds> times;
  for (const auto& [seed, time] : run.seeds) times.push_back(time);
  std::sort(times.begin(), times.end());
  return times;
}

std::string seeds_text(const answer::SimulateResult& run) {
  if (run.seeds.empty()) return {};
  const std::vector<Seconds> times = sorted_times(run);
  const auto unit = unit_for(run.result.time);
  const auto at = [&](double share) {
    return unit.text(times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1) + 0.5)]);
  };
  return fmt::format("\nOver {} seeds of the hash: best {}, median {}, 90th percentile {}, worst {}\n", times.size(),
                     at(0), at(0.5), at(0.9), at(1));
}

}  // namespace

std::string simulate_text(const answer::SimulateResult& run) {
  std::string text = wrap_text("Fabric: " + run.fabric, 100, 0) + wrap_text("Traffic: " + run.traffic, 100, 0) +
                     wrap_text("Routing: " + run.routing, 100, 0);
  text += figures_text(run) + seeds_text(run) + sizes_text(run) + hottest_text(run) + slowest_text(run);
  if (!run.assumptions.empty()) text += "\nAssumptions\n";
  for (const std::string& sentence : run.assumptions) text += wrap_text(sentence, 98, 2);
  return text;
}

Json simulate_json(const answer::SimulateResult& run, const std::vector<InputText>& inputs) {
  const comm::SimulationResult& result = run.result;
  Json document = Json::object({{"schema", "socle.fabric/1"}, {"provenance", provenance("fabric simulate", inputs)}});
  document.set("fabric", run.fabric).set("traffic", run.traffic).set("routing", run.routing);
  document.set("completion_time_s", result.time.value());
  if (run.ideal) document.set("unshared_time_s", run.ideal->value());
  if (result.time > Seconds{} && run.buffer > Bytes{}) {
    const double algorithm = run.buffer.value() / result.time.value();
    document.set("algorithm_bandwidth_bytes_per_s", algorithm)
        .set("bus_bandwidth_bytes_per_s", algorithm * run.bus_factor);
  }
  if (run.library) {
    const answer::LibraryFigures& library = *run.library;
    document.set("library", Json::object({{"name", library.name},
                                          {"algorithm", library.algorithm},
                                          {"protocol", library.protocol},
                                          {"channels", library.channels},
                                          {"latency_s", library.latency.value()},
                                          {"across_s", library.outside.value()},
                                          {"inside_s", library.inside.value()},
                                          {"completion_low_s", library.low.value()},
                                          {"completion_high_s", library.high.value()}}));
  }
  document.set("method", comm::method_name(result.method))
      .set("flows", static_cast<std::int64_t>(result.flows))
      .set("stalled_messages", static_cast<std::int64_t>(result.stalled));
  document.set("solver", Json::object({{"solves", static_cast<std::int64_t>(result.counts.solves)},
                                       {"flows_solved", static_cast<std::int64_t>(result.counts.opened)},
                                       {"flows_alone", static_cast<std::int64_t>(result.counts.unshared)},
                                       {"levels", static_cast<std::int64_t>(result.counts.levels)}}));
  Json hottest = Json::array();
  for (const answer::HotLink& hot : run.hottest) {
    hottest.push(Json::object({{"link", link_name(*run.topology, hot.link)},
                               {"utilisation", hot.utilisation},
                               {"bytes", hot.bytes},
                               {"messages", static_cast<std::int64_t>(hot.flows)}}));
  }
  document.set("hottest_links", std::move(hottest));
  Json seeds = Json::array(), sizes = Json::array(), assumptions = Json::array();
  for (const auto& [seed, time] : run.seeds)
    seeds.push(Json::object({{"seed", static_cast<std::int64_t>(seed)}, {"completion_time_s", time.value()}}));
  for (const answer::SizePoint& p : run.sizes) {
    sizes.push(Json::object({{"bytes", p.bytes.value()},
                             {"completion_time_s", p.time.value()},
                             {"bus_bandwidth_bytes_per_s", p.bus_bandwidth.value()}}));
  }
  for (const std::string& sentence : run.assumptions) assumptions.push(sentence);
  document.set("seeds", std::move(seeds)).set("sizes", std::move(sizes)).set("assumptions", std::move(assumptions));
  return document;
}

std::string network_svg(const answer::SimulateResult& run) {
  return topology_svg(*run.topology, run.utilisation, run.topology_name + ": " + run.traffic);
}

std::string sizes_svg(const answer::SimulateResult& run) {
  BandwidthCurve curve{.name = run.algorithm, .points = {}};
  for (const answer::SizePoint& point : run.sizes) curve.points.push_back({point.bytes, point.bus_bandwidth});
  return bandwidth_svg(
      {&curve, 1},
      fmt::format("{} over {} ranks, {}", comm::operation_names()[static_cast<std::size_t>(run.operation->operation)],
                  run.operation->ranks, run.routing));
}

std::string flows_csv(const answer::SimulateResult& run) {
  std::string text = "group,round,from,to,bytes,start_s,duration_s,bytes_per_s\n";
  for (const comm::TransferRecord& t : run.result.transfers) {
    text += fmt::format("{},{},{},{},{},{},{},{}\n", t.group, t.round, t.from, t.to, t.bytes.value(), t.start.value(),
                        t.duration.value(), t.duration > Seconds{} ? (t.bytes / t.duration).value() : 0.0);
  }
  return text;
}

std::string links_csv(const answer::SimulateResult& run) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < run.utilisation.size(); ++i) {
    const net::Link& link = run.topology->links()[i];
    rows.push_back({run.topology->node_name(link.from), run.topology->node_name(link.to),
                    fmt::format("{}", link.bandwidth.value()), fmt::format("{}", run.result.link_bytes[i]),
                    fmt::format("{}", run.utilisation[i])});
  }
  return write_csv({"from", "to", "bytes_per_s", "bytes", "utilisation"}, rows);
}

std::string flows_trace(const answer::SimulateResult& run) {
  Json events = Json::array();
  std::size_t told = 0;
  for (const comm::TransferRecord& t : run.result.transfers) {
    if (++told > kTraceMax) break;
    events.push(Json::object(
        {{"ph", "X"},
         {"cat", "message"},
         {"name", fmt::format("to {}", t.to)},
         {"pid", static_cast<std::int64_t>(t.group)},
         {"tid", static_cast<std::int64_t>(t.from)},
         {"ts", t.start.value() * 1e6},
         {"dur", t.duration.value() * 1e6},
         {"args", Json::object({{"bytes", t.bytes.value()}, {"round", static_cast<std::int64_t>(t.round)}})}}));
  }
  return Json::object({{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events)}}).dump(false) + "\n";
}

}  // namespace socle::report
