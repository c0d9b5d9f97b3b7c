#include "socle/base/chrome_trace.hpp"

namespace socle {
namespace {

double microseconds(Seconds time) { return time.value() * 1e6; }

}  // namespace

void ChromeTrace::name_process(int process, std::string name) {
  events_.push(Json::object(
      {{"ph", "M"}, {"name", "process_name"}, {"pid", process}, {"args", Json::object({{"name", std::move(name)}})}}));
}

void ChromeTrace::name_row(int process, int row, std::string name) {
  events_.push(Json::object({{"ph", "M"},
                             {"name", "thread_name"},
                             {"pid", process},
                             {"tid", row},
                             {"args", Json::object({{"name", std::move(name)}})}}));
}

void ChromeTrace::slice(int process, int row, std::string_view category, std::string name, Seconds start,
                        Seconds length, Json about) {
  if (length <= Seconds{}) return;
  Json event = Json::object({{"ph", "X"},
                             {"cat", std::string(category)},
                             {"name", std::move(name)},
                             {"pid", process},
                             {"tid", row},
                             {"ts", microseconds(start)},
                             {"dur", microseconds(length)}});
  if (about.is_object()) event.set("args", std::move(about));
  events_.push(std::move(event));
}

void ChromeTrace::counter(int process, std::string name, Seconds time, Json values) {
  events_.push(Json::object({{"ph", "C"},
                             {"name", std::move(name)},
                             {"pid", process},
                             {"ts", microseconds(time)},
                             {"args", std::move(values)}}));
}

std::string ChromeTrace::str() && {
  Json document = Json::object({{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events_)}});
  if (!notes_.as_object().empty()) document.set("otherData", std::move(notes_));
  return document.dump(false) + "\n";
}

}  // namespace socle
