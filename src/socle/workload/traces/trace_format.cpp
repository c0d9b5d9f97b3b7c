#include "socle/workload/traces/trace_format.hpp"

#include <algorithm>
#include <charconv>

namespace socle::workload {

const std::vector<TraceEntry>& trace_formats() {
  static const std::vector<TraceEntry> all = {
#define SOCLE_TRACE(function, name, help) {name, function, help},
#include "socle/workload/traces/traces.def"
#undef SOCLE_TRACE
  };
  return all;
}

std::vector<std::string> trace_format_names() {
  std::vector<std::string> names;
  for (const TraceEntry& entry : trace_formats()) names.emplace_back(entry.name);
  return names;
}

const TraceEntry* find_trace_format(std::string_view name) {
  const auto at =
      std::find_if(trace_formats().begin(), trace_formats().end(), [&](const TraceEntry& e) { return e.name == name; });
  return at == trace_formats().end() ? nullptr : &*at;
}

std::int64_t number_of_name(std::string_view text) {
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && stop == text.data() + text.size() && number >= 0) return number;
  // FNV-1a (Fowler, Noll, Vo); the second highest bit keeps hashes apart from small numbers.
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return static_cast<std::int64_t>((hash >> 2) | (std::uint64_t{1} << 62));
}

}  // namespace socle::workload
