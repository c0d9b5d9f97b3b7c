#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "socle/base/json.hpp"
#include "socle/base/quantity.hpp"

namespace socle {

/// A trace of Chrome's format (JSON), which Perfetto opens: processes with rows of slices, and counters. Times are
/// microseconds.
class ChromeTrace {
 public:
  void name_process(int process, std::string name);
  void name_row(int process, int row, std::string name);
  /// A slice; nothing where it has no length. `about` is shown when it is chosen; may be null.
  void slice(int process, int row, std::string_view category, std::string name, Seconds start, Seconds length,
             Json about = Json());
  /// Values of a process from a moment on, drawn as one graph.
  void counter(int process, std::string name, Seconds time, Json values);
  /// Of the whole, for people.
  void note(std::string key, Json value) { notes_.set(std::move(key), std::move(value)); }
  std::string str() &&;

 private:
  Json events_ = Json::array();
  Json notes_ = Json::object();
};

}  // namespace socle
