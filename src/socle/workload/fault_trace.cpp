#include "socle/workload/fault_trace.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "socle/base/csv_rows.hpp"
#include "socle/base/error.hpp"
#include "socle/base/moment.hpp"
#include "socle/base/utf8.hpp"

namespace socle::workload {
namespace {

constexpr double kHour = 3600, kDay = 86400, kCentury = 36525 * kDay;

/// Seconds since 1970.
std::optional<double> parse_date(std::string_view text) {
  const auto moment = parse_moment(text);
  if (!moment) return std::nullopt;
  return moment->day * kDay + moment->seconds;
}

std::optional<double> parse_hours(std::string_view text) {
  double hours = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), hours);
  if (error != std::errc() || stop != text.data() + text.size() || !std::isfinite(hours) || hours < 0)
    return std::nullopt;
  return hours * kHour;
}

struct ReadFault {
  Fault fault;
  int line = 0;
};

/// Reads cells and remembers what the trace calls things.
class Reader {
 public:
  Reader(std::string_view text, const std::string& source) : rows_(text, source) {
    rows_.require_columns(names_of(fault_columns(), true));
    for (const std::string& column : rows_.columns()) {
      const auto known = names_of(fault_columns(), false);
      if (std::find(known.begin(), known.end(), column) == known.end())
        rows_.problems().add(
            {source, 1, 0, column,
             fmt::format("column \"{}\" is not one of {}; take it out", printable(column), fmt::join(known, ", "))});
    }
  }

  FaultTrace read() {
    const std::size_t node = *rows_.column("node"), down = *rows_.column("down"), up = *rows_.column("up");
    const auto kind = rows_.column("class");
    while (rows_.next()) {
      const auto from = time(down, "down"), until = time(up, "up");
      if (rows_.cell(node).empty()) refuse("node", "node is empty; name the node that was down");
      if (!from || !until || rows_.cell(node).empty()) continue;
      if (!(*until > *from)) {
        refuse("up", fmt::format("up ({}) is not later than down ({})", printable(rows_.cell(up)),
                                 printable(rows_.cell(down))));
        continue;
      }
      read_.push_back({{.node = index(nodes_, trace_.nodes, rows_.cell(node)),
                        .kind = index(kinds_, trace_.kinds, kind ? rows_.cell(*kind) : std::string_view("any")),
                        .down = Seconds{*from},
                        .up = Seconds{*until}},
                       rows_.line()});
    }
    if (read_.empty() && rows_.problems().empty())
      rows_.problems().add({rows_.source(), 0, 0, {}, "no fault is in it"});
    finish();
    return std::move(trace_);
  }

 private:
  void refuse(const char* column, std::string message) {
    rows_.problems().add({rows_.source(), rows_.line(), 0, column, std::move(message)});
  }

  std::optional<double> time(std::size_t column, const char* name) {
    const std::string_view cell = rows_.cell(column);
    const std::optional<double> date = parse_date(cell), hours = parse_hours(cell);
    if (!date && !hours) {
      refuse(name,
             fmt::format("{} is \"{}\"; write hours from a start, such as 12.5, or a date, such as 2026-03-01 14:05:30",
                         name, printable(cell.substr(0, 60))));
      return std::nullopt;
    }
    if (!dates_) dates_ = date.has_value();
    if (*dates_ != date.has_value()) {
      refuse(name, fmt::format("{} is {}, but the first time of the trace is {}; write all of one kind", name,
                               date ? "a date" : "hours", *dates_ ? "a date" : "hours"));
      return std::nullopt;
    }
    return date ? date : hours;
  }

  static std::uint32_t index(std::map<std::string, std::uint32_t, std::less<>>& known, std::vector<std::string>& names,
                             std::string_view name) {
    const auto found = known.find(name);
    if (found != known.end()) return found->second;
    names.emplace_back(name);
    return known[names.back()] = static_cast<std::uint32_t>(names.size() - 1);
  }

  void finish() {
    std::sort(read_.begin(), read_.end(), [](const ReadFault& a, const ReadFault& b) {
      return std::tuple(a.fault.down, a.fault.node, a.line) < std::tuple(b.fault.down, b.fault.node, b.line);
    });
    std::vector<const ReadFault*> last(trace_.nodes.size(), nullptr);
    for (const ReadFault& one : read_) {
      const ReadFault*& before = last[one.fault.node];
      if (before != nullptr && one.fault.down < before->fault.up)
        rows_.problems().add({rows_.source(), one.line, 0, "down",
                              fmt::format("node {} is still down by the fault of line {}; join or part the two",
                                          printable(trace_.nodes[one.fault.node]), before->line)});
      before = &one;
    }
    const double start = read_.empty() ? 0 : read_.front().fault.down.value();
    double end = start;
    for (const ReadFault& one : read_) end = std::max(end, one.fault.up.value());
    if (end - start > kCentury)
      rows_.problems().add(
          {rows_.source(), 0, 0, "up", "the trace spans more than a century; times are hours or dates"});
    rows_.problems().throw_if_any();
    for (ReadFault& one : read_) {
      one.fault.down -= Seconds{start};
      one.fault.up -= Seconds{start};
      trace_.faults.push_back(one.fault);
    }
    trace_.length = Seconds{end - start};
  }

  CsvRows rows_;
  FaultTrace trace_;
  std::vector<ReadFault> read_;
  std::map<std::string, std::uint32_t, std::less<>> nodes_, kinds_;
  std::optional<bool> dates_;
};

}  // namespace

const std::vector<ColumnFacts>& fault_columns() {
  static const std::vector<ColumnFacts> columns = {
      {"node", "a name", "The node that was out of service.", true},
      {"down", "hours or a date", "From when on.", true},
      {"up", "hours or a date", "When it was back; later than down.", true},
      {"class", "a name", "What failed; any name."},
  };
  return columns;
}

FaultTrace parse_fault_trace(std::string_view text, const std::string& source) { return Reader(text, source).read(); }

}  // namespace socle::workload
