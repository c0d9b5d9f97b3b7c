#include "socle/answer/fabric/calibrate.hpp"
#include "socle/report/schemas.hpp"

namespace socle::report {

Schema fabric_schema() {
  const SchemaRows rows{
      {"provenance", "provenance", "Version, command and inputs."},
      {"fabric", "string", "The fabric in one line."},
      {"traffic", "string", "The exchange in one line."},
      {"routing", "string", "The routing in one line."},
      {"completion_time_s", "number", "Seconds until the last byte has arrived."},
      {"unshared_time_s?", "number", "Seconds on links of one's own; absent: the exchange is no collective."},
      {"library?", "object", "What a collective library ran; absent: a textbook algorithm, or no collective."},
      {"library.name", "string", "The library, such as NCCL."},
      {"library.algorithm", "string", "What it chose; \"scale-up\" inside one domain."},
      {"library.protocol", "string", "How it frames messages; empty inside one domain."},
      {"library.channels", "integer", "Rings or trees, each through a NIC of its own; 0 inside one domain."},
      {"library.latency_s", "number", "Seconds of start and hops."},
      {"library.across_s", "number", "Seconds of its bytes over NICs of their own; overlaps inside_s."},
      {"library.inside_s", "number", "Seconds of its bytes inside domains."},
      {"library.completion_low_s", "number",
       "Seconds: lower end of the range where nothing collides or fails: nine of ten measurements from 1 MB on, below "
       "an "
       "assumed factor of two."},
      {"library.completion_high_s", "number", "Seconds: its upper end."},
      {"algorithm_bandwidth_bytes_per_s?", "number",
       "Buffer over time, as nccl-tests defines it, bytes per second; absent: the exchange is no collective."},
      {"bus_bandwidth_bytes_per_s?", "number", "Bus bandwidth as nccl-tests defines it, bytes per second; likewise."},
      {"method", "string", "How the time was found: a closed form or simulation."},
      {"flows", "integer", "Simulated flows, repeats counted."},
      {"stalled_messages", "integer", "Messages that never arrived, because a failure left them no way."},
      {"solver", "object", "Work of the max-min solver."},
      {"solver.solves", "integer", "Systems solved."},
      {"solver.flows_solved", "integer", "Flows whose rate was solved for, summed over systems."},
      {"solver.flows_alone", "integer", "Rates set without solving: the flow was alone on its links."},
      {"solver.levels", "integer", "Bottlenecks found."},
      {"hottest_links[]", "object", "The busiest links, the busiest first."},
      {"hottest_links[].link", "string", "From and to."},
      {"hottest_links[].utilisation", "number", "Bytes carried over capacity x time, a fraction."},
      {"hottest_links[].bytes", "number", "Bytes carried."},
      {"hottest_links[].messages", "integer", "Messages that cross it; 0: they are sprayed over packets."},
      {"seeds[]", "object", "The exchange by seed of the hash; empty: not asked for."},
      {"seeds[].seed", "integer", "The seed."},
      {"seeds[].completion_time_s", "number", "Seconds until the last byte has arrived."},
      {"sizes[]", "object", "The exchange by size; empty: not asked for."},
      {"sizes[].bytes", "number", "Bytes of the buffer, as nccl-tests counts it."},
      {"sizes[].completion_time_s", "number", "Seconds until the last byte has arrived."},
      {"sizes[].bus_bandwidth_bytes_per_s", "number", "Bus bandwidth as nccl-tests defines it, bytes per second."},
      {"assumptions[]", "string", "What was filled in or taken for granted, a sentence each."}};
  return {"socle.fabric/1",
          "An exchange on a network: `socle fabric simulate`, but for --traffic step, which answers as socle.train/1.",
          {{"", "", rows}},
          {provenance_shape()}};
}

Schema fabric_calibrate_schema() {
  SchemaRows rows{
      {"provenance", "provenance", "Version, command and inputs."},
      {"chip", "string", "The chip, by its slug in the catalogue."},
      {"nic_fraction", "number|null", "Share of the nominal NIC rate that large messages reached; null: not measured."},
      {"nic_latency_s", "number|null", "Seconds of one message between nodes; null: not measured."},
      {"collectives[]", "object", "The line time = start + bytes / rate through each collective on each group."},
      {"collectives[].collective", "string", "The collective."},
      {"collectives[].gpus", "integer", "Chips that took part."},
      {"collectives[].nodes", "integer", "Nodes they stood on."},
      {"collectives[].sizes", "integer", "Measurements behind the line."},
      {"collectives[].start_s", "number", "Seconds of the smallest message."},
      {"collectives[].bus_bandwidth_bytes_per_s", "number", "Bus bandwidth of large buffers, bytes per second."},
      {"collectives[].half_size_bytes", "number", "Bytes of the buffer that reaches half of that."},
      {"collectives[].mean_absolute_error", "number", "Mean absolute relative error of the line, a fraction."},
      {"collectives[].mean_absolute_error_by_bytes", "object", "The same by size of the buffer."}};
  for (const char* size : answer::kSizeClassNames)
    rows.push_back({std::string("collectives[].mean_absolute_error_by_bytes.") + size, "number|null",
                    "Of buffers of this size (larger: 16 MiB and more), a fraction; null: none was measured."});
  return {"socle.fabric.calibrate/1",
          "Lines through a user's own nccl-tests logs: `socle fabric calibrate`.",
          {{"", "", std::move(rows)}},
          {provenance_shape()}};
}

}  // namespace socle::report
