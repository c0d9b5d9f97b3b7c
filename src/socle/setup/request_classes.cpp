#include "socle/setup/request_classes.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "socle/base/suggest.hpp"
#include "socle/base/utf8.hpp"

namespace socle::setup {
namespace {

using scenario::RequestClassSection;
using scenario::RequestsSection;

template <typename T>
std::optional<T> either(const std::optional<T>& own, const std::optional<T>& other) {
  return own ? own : other;
}

constexpr std::size_t kNamesShown = 8;

std::string names(const std::vector<std::string>& all) {
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), kNamesShown); ++i)
    text += fmt::format("{}{}", i > 0 ? ", " : "", printable(all[i], 40));
  return text + (all.size() > kNamesShown ? ", ..." : "");
}

RequestClass class_of(const RequestClassSection& asked, const ServiceObjectives& others) {
  return {.name = asked.name.text,
          .priority = asked.priority.value_or(0),
          .weight = asked.weight.value_or(1),
          .slo = {.ttft = either(asked.slo_ttft, others.ttft),
                  .tpot = either(asked.slo_tpot, others.tpot),
                  .e2e = either(asked.slo_e2e, others.e2e),
                  .percentile = asked.slo_percentile.value_or(others.percentile)}};
}

}  // namespace

std::vector<workload::TrafficClass> set_up_classes(const scenario::Scenario& scenario, const RequestLengths& others,
                                                   const FileReader& read_file, RequestsSetup& setup) {
  std::vector<workload::TrafficClass> drawn;
  for (const RequestClassSection& asked : scenario.requests.classes) {
    const RequestLengths lengths = request_lengths(
        {.source = scenario.source, .key = "requests.class", .input = asked.input, .output = asked.output}, others,
        read_file, setup.assumptions);
    drawn.push_back({asked.share.value_or(1.0), lengths.input, lengths.output, lengths.paired});
    setup.classes.push_back(class_of(asked, setup.slo));
  }
  return drawn;
}

void set_up_trace_classes(const scenario::Scenario& scenario, const std::vector<std::string>& of_trace,
                          RequestsSetup& setup) {
  const std::vector<RequestClassSection>& asked = scenario.requests.classes;
  Problems problems;
  for (const RequestClassSection& one : asked) {
    if (std::find(of_trace.begin(), of_trace.end(), one.name.text) != of_trace.end()) continue;
    const std::string known =
        of_trace.empty() ? fmt::format("{} names no classes; leave it out, or replay a trace with a class column",
                                       scenario.requests.trace.text)
                         : fmt::format("no request of {} is of it{}; it has {}", scenario.requests.trace.text,
                                       did_you_mean(one.name.text, of_trace), names(of_trace));
    problems.add({scenario.source, one.name.at.line, one.name.at.column, "requests.class.name",
                  fmt::format("class \"{}\": {}", printable(one.name.text, 40), known)});
  }
  problems.throw_if_any();
  for (const std::string& name : of_trace) {
    const auto found =
        std::find_if(asked.begin(), asked.end(), [&](const RequestClassSection& one) { return one.name.text == name; });
    RequestClassSection plain;
    plain.name.text = name;
    setup.classes.push_back(class_of(found == asked.end() ? plain : *found, setup.slo));
  }
}

void check_classes(const scenario::Scenario& scenario) {
  const RequestsSection& asked = scenario.requests;
  Problems problems;
  const auto wrong = [&](TomlPosition at, const char* key, std::string message) {
    problems.add({scenario.source, at.line, at.column, fmt::format("requests.{}", key), std::move(message)});
  };
  for (const RequestClassSection& one : asked.classes) {
    const std::string name = printable(one.name.text, 40);
    if (!asked.trace.empty()) {
      for (const auto& [key, said] : {std::pair{"share", one.share.has_value()}, std::pair{"input", !one.input.empty()},
                                      std::pair{"output", !one.output.empty()}}) {
        if (said)
          wrong(one.at, "class",
                fmt::format("class \"{}\": {} is of a synthetic traffic, and the trace says it; leave it out", name,
                            key));
      }
    }
    const bool objective =
        one.slo_ttft || one.slo_tpot || one.slo_e2e || asked.slo_ttft || asked.slo_tpot || asked.slo_e2e;
    if (one.slo_percentile && !objective)
      wrong(one.at, "class",
            fmt::format("class \"{}\": slo_percentile needs an objective; add slo_ttft, slo_tpot or slo_e2e, or leave "
                        "it out",
                        name));
  }
  const auto all = [&](scenario::Named RequestClassSection::*member) {
    return !asked.classes.empty() &&
           std::none_of(asked.classes.begin(), asked.classes.end(),
                        [&](const RequestClassSection& one) { return (one.*member).empty(); });
  };
  for (const auto& [key, member] :
       {std::pair{"input", &RequestClassSection::input}, std::pair{"output", &RequestClassSection::output}}) {
    if (asked.said.contains(key) && all(member))
      wrong({}, key,
            fmt::format("{} of [requests] is of classes without their own, and all have one; leave it out", key));
  }
  problems.throw_if_any();
}

}  // namespace socle::setup
