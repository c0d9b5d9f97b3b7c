#include "socle/comm/nccl_log.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/utf8.hpp"

namespace socle::comm {
namespace {

constexpr std::array<std::string_view, 10> kPrograms = {"all_reduce", "all_gather", "reduce_scatter", "alltoall",
                                                        "broadcast",  "sendrecv",   "reduce",         "gather",
                                                        "scatter",    "hypercube"};

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t start = line.find_first_not_of(" \t\r", at);
    if (start == std::string_view::npos) break;
    const std::size_t end = std::min(line.find_first_of(" \t\r", start), line.size());
    words.push_back(line.substr(start, end - start));
    at = end;
  }
  return words;
}

std::optional<double> figure(std::string_view word) {
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

// mpirun and srun put "[1,0]<stdout>:" or "0: " before every line.
std::string_view without_prefix(std::string_view line) {
  if (line.starts_with('[')) {
    const std::size_t end = line.find(">:");
    if (end != std::string_view::npos) return line.substr(end + 2);
  }
  std::size_t digits = 0;
  while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
  return digits > 0 && digits + 1 < line.size() && line[digits] == ':' && line[digits + 1] == ' '
             ? line.substr(digits + 2)
             : line;
}

// The program named in a line, e.g. "./build/all_reduce_perf -b 8"; empty when none is.
std::string_view program_in(std::string_view line) {
  for (std::size_t at = line.find("_perf"); at != std::string_view::npos; at = line.find("_perf", at + 1)) {
    const std::string_view before = line.substr(0, at);
    for (const std::string_view program : kPrograms) {  // longer names stand before those that they end with
      if (before.ends_with(program)) return program;
    }
  }
  return {};
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  std::vector<NcclRun> read() {
    int number = 0;
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      take(without_prefix(text_.substr(at, end - at)), ++number);
      at = end + 1;
    }
    close_table();
    if (runs_.empty() && problems_.empty())
      problem(0, "no table of nccl-tests here; give the whole output of e.g. all_reduce_perf, its '#' lines included");
    problems_.throw_if_any();
    return std::move(runs_);
  }

 private:
  void problem(int line, std::string message) {
    problems_.add(Problem{source_, line, line > 0 ? 1 : 0, {}, std::move(message)});
  }

  void take(std::string_view line, int number) {
    if (const std::string_view program = program_in(line); !program.empty()) {
      if (line.find("concluded") == std::string_view::npos) {
        close_table();
        program_ = program;
      }
      return;
    }
    const std::vector<std::string_view> words = words_of(line);
    if (words.empty()) return;
    if (words[0] == "#" && words.size() > 1 && words[1] == "Rank") return rank(line, words);
    if (words[0] == "#" && words.size() > 1 && words[1] == "size") return heading(words, number);
    if (words[0].starts_with('#')) {
      if (words.size() > 1 && (words[1] == "nThread" || words[1] == "Avg" || words[1] == "Out")) close_table();
      return;
    }
    if (open_ && (figure(words[0]) || words.size() == columns_)) row(words, number);
  }

  // "#  Rank  3 Group  0 Pid 812 on node-a device  3 [0x4c] NVIDIA H100 80GB HBM3"
  void rank(std::string_view line, const std::vector<std::string_view>& words) {
    if (!listing_) {
      ranks_.clear();
      hosts_.clear();
      device_.clear();
      listing_ = true;
    }
    if (words.size() > 2) ranks_.insert(std::string(words[2]));
    for (std::size_t i = 3; i + 1 < words.size(); ++i) {
      if (words[i] == "on" && hosts_.size() < ranks_.size()) hosts_.insert(std::string(words[i + 1]));
    }
    const std::size_t bracket = line.find(']');
    if (device_.empty() && bracket != std::string_view::npos) {
      const auto name = words_of(line.substr(bracket + 1));
      for (const std::string_view word : name) device_ += (device_.empty() ? "" : " ") + std::string(word);
    }
  }

  void heading(const std::vector<std::string_view>& words, int number) {
    close_table();
    columns_ = words.size() - 1;  // without the '#'
    const auto place = [&](std::string_view name) {
      const auto at = std::find(words.begin() + 1, words.end(), name);
      return at == words.end() ? std::string_view::npos : static_cast<std::size_t>(at - words.begin()) - 1;
    };
    time_ = place("time");
    bus_ = place("busbw");
    wrong_ = std::min(place("#wrong"), place("error"));
    if (time_ == std::string_view::npos || bus_ == std::string_view::npos) {
      problem(number,
              "the table's heading has no columns 'time' and 'busbw'; give the output of nccl-tests as it was printed");
      return;
    }
    open_ = true;
    run_ = {.collective = std::string(program_),
            .ranks = static_cast<int>(ranks_.size()),
            .nodes = static_cast<int>(hosts_.size()),
            .device = device_,
            .line = number,
            .points = {}};
    listing_ = false;
  }

  void row(const std::vector<std::string_view>& words, int number) {
    ++rows_;
    if (words.size() != columns_) {
      problem(
          number,
          fmt::format("{} columns where the heading has {}; is the log cut off? Remove the line or take the log again",
                      words.size(), columns_));
      return;
    }
    const auto size = figure(words[0]);
    const auto time = figure(words[time_]);
    const auto bus = figure(words[bus_]);
    const bool usable = size && time && bus && std::isfinite(*size) && std::isfinite(*time) && std::isfinite(*bus);
    if (!usable || *size < 0 || *size > 1e15 || *time <= 0 || *time > 1e12 || *bus < 0) {
      problem(number, fmt::format("size '{}', time '{}', busbw '{}': sizes and bandwidths are 0 or more, times above "
                                  "0, all of them finite; remove the line or take the log again",
                                  printable(words[0]), printable(words[time_]), printable(words[bus_])));
      return;
    }
    const auto wrong =
        wrong_ == std::string_view::npos ? std::nullopt : figure(words[wrong_]);  // "N/A" where nothing was checked
    if (wrong && *wrong >= 1) {
      problem(number, fmt::format("{} values came back wrong: this fabric corrupts data, so its times are not used",
                                  printable(words[wrong_])));
      return;
    }
    if (*size > 0) run_.points.push_back({Bytes{*size}, Seconds{*time * 1e-6}, *bus, number});
  }

  void close_table() {
    if (open_ && rows_ == 0) problem(run_.line, "the table has no rows; did the test stop before its first size?");
    if (open_ && !run_.points.empty())
      runs_.push_back(std::move(run_));
    else if (open_ && rows_ > 0 && problems_.empty())
      problem(run_.line, "every row of the table is of size 0; test larger buffers");
    open_ = false;
    rows_ = 0;
  }

  std::string_view text_;
  const std::string& source_;
  Problems problems_;
  std::vector<NcclRun> runs_;
  std::string_view program_;
  std::set<std::string> ranks_, hosts_;
  std::string device_;
  bool listing_ = false;  // the lines before were of this list of ranks
  bool open_ = false;     // inside a table
  NcclRun run_;
  int rows_ = 0;
  std::size_t columns_ = 0, time_ = 0, bus_ = 0, wrong_ = 0;
};

}  // namespace

std::vector<NcclRun> parse_nccl_log(std::string_view text, const std::string& source_name) {
  return Reader(text, source_name).read();
}

}  // namespace socle::comm
