#include "socle/workload/trace_source.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "socle/base/check.hpp"
#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"

namespace socle::workload {
namespace {

constexpr std::size_t kClassesMax = 1000;

bool blank(std::string_view line) { return line.find_first_not_of(" \t") == std::string_view::npos; }

}  // namespace

TraceReader::TraceReader(std::unique_ptr<std::istream> text, std::string source, TraceReading reading)
    : lines_(std::move(text), std::move(source)), reading_(std::move(reading)) {
  begin();
}

void TraceReader::refuse(std::string key, std::string message) const {
  throw InputError(Problem{lines_.source(), lines_.number(), 0, std::move(key), std::move(message)});
}

void TraceReader::refuse_beginning(std::string_view first) const {
  std::string formats;
  for (const TraceEntry& entry : trace_formats())
    formats += fmt::format("\n  {}: {}", entry.name, entry.make()->beginning());
  refuse({}, fmt::format("the file begins with \"{}\", as {}; it may begin with{}", printable(first),
                         entry_ != nullptr ? fmt::format("no trace of format {} does", entry_->name)
                                           : std::string("no known trace does"),
                         formats));
}

void TraceReader::begin() {
  bool any = false;
  while ((any = lines_.next()) && blank(lines_.line())) {}
  if (!any) refuse({}, "the file is empty; a trace has a line for each request");
  if (!reading_.format.empty()) {
    entry_ = find_trace_format(reading_.format);
    SOCLE_CHECK(entry_ != nullptr, "a trace's format is one of the list");
  }
  for (const TraceEntry& entry : trace_formats()) {
    if (entry_ == nullptr && entry.make()->recognises(lines_.line())) entry_ = &entry;
  }
  if (entry_ == nullptr) refuse_beginning(lines_.line());
  format_ = entry_->make();
  if (!format_->recognises(lines_.line()) && entry_->name != "csv") refuse_beginning(lines_.line());
  try {
    held_ = !format_->header(lines_.line());
  } catch (const InputError& error) { refuse(error.problems().front().key, error.problems().front().message); }
}

std::optional<Request> TraceReader::next() {
  while (true) {
    if (!held_ && !lines_.next()) {
      if (read_ + skipped_empty_ + skipped_failed_ == 0)
        refuse({}, "the file has a header and no request; a trace has a line for each request");
      return std::nullopt;
    }
    held_ = false;
    if (blank(lines_.line())) continue;
    try {
      if (auto request = checked(format_->row(lines_.line()))) return request;
    } catch (const InputError& error) {
      // A format knows what is wrong; where is known here.
      const Problem& problem = error.problems().front();
      refuse(problem.key, problem.message);
    }
  }
}

std::optional<Request> TraceReader::checked(TraceRow row) {
  const auto keys = [this] { return format_->keys(); };
  if (!(row.time >= 0)) refuse(keys().time, fmt::format("{} is negative; times count up from 0", keys().time));
  if (row.time > kTraceSecondsMax)
    refuse(keys().time, fmt::format("{} is {} s; at most {} s are taken: is it in another unit?", keys().time, row.time,
                                    kTraceSecondsMax));
  if (!reading_.sort && row.time < last_)
    refuse(keys().time, fmt::format("{} goes back by {:.7g} s; sort the file, or say trace_sort = true", keys().time,
                                    last_ - row.time));
  last_ = std::max(last_, row.time);
  if (row.failed) {
    ++skipped_failed_;
    return std::nullopt;
  }
  if (reading_.skip_empty && (row.input == 0 || row.output == 0)) {
    ++skipped_empty_;
    return std::nullopt;
  }
  Request request{.id = read_, .arrival = Seconds{row.time}, .session = row.session, .prefix = std::move(row.prefix)};
  request.input = tokens(&TraceKeys::input, row.input);
  request.output = tokens(&TraceKeys::output, row.output);
  ++read_;
  if (!row.service_class.empty()) request.service_class = class_number(row.service_class);
  return request;
}

int TraceReader::tokens(std::string TraceKeys::*which, double count) const {
  if (count >= 1 && count <= kTraceTokensMax && count == std::floor(count)) return static_cast<int>(count);
  const std::string key = format_->keys().*which;
  if (count == 0)
    refuse(key, fmt::format("{} = 0: a request has at least one token each way; say skip_empty = true to leave such "
                            "requests out",
                            key));
  refuse(key, fmt::format("{} = {} is not a whole number from 1 to {}", key, count, kTraceTokensMax));
}

int TraceReader::class_number(std::string_view name) {
  const auto found = std::find(classes_.begin(), classes_.end(), name);
  if (found == classes_.end()) {
    if (classes_.size() == kClassesMax)
      refuse("class", fmt::format("\"{}\" is class number {}; at most {} are kept apart", printable(name),
                                  kClassesMax + 1, kClassesMax));
    classes_.emplace_back(name);
    return static_cast<int>(classes_.size()) - 1;
  }
  return static_cast<int>(found - classes_.begin());
}

TraceSource::TraceSource(std::unique_ptr<std::istream> text, std::string source, TraceReading reading,
                         TraceReplay replay)
    : reader_(std::move(text), std::move(source), reading), replay_(replay), sort_(reading.sort) {
  SOCLE_CHECK(replay_.speed > 0, "a trace is replayed at some speed");
  if (!sort_) return;
  while (auto request = reader_.next()) sorted_.push_back(*std::move(request));
  std::stable_sort(sorted_.begin(), sorted_.end(),
                   [](const Request& a, const Request& b) { return a.arrival < b.arrival; });
}

std::optional<Request> TraceSource::from_file() {
  if (!sort_) return reader_.next();
  if (given_ == sorted_.size()) return std::nullopt;
  return sorted_[given_++];
}

std::optional<Request> TraceSource::next() {
  if (made_ >= replay_.requests) return std::nullopt;
  std::optional<Request> request = from_file();
  if (!request) return std::nullopt;
  if (!first_) first_ = request->arrival.value();
  request->arrival = Seconds{(request->arrival.value() - *first_) / replay_.speed};
  if (replay_.duration && request->arrival > *replay_.duration) {
    replay_.requests = made_;  // none comes earlier
    return std::nullopt;
  }
  request->id = made_++;
  return request;
}

}  // namespace socle::workload
