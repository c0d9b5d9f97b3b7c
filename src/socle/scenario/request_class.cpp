#include "socle/scenario/request_class.hpp"

#include <algorithm>

#include "socle/base/utf8.hpp"
#include "socle/scenario/length_key.hpp"
#include "socle/scenario/values.hpp"

namespace socle::scenario {
namespace {

using Section = RequestClassSection;

constexpr double kShareLeast = 1e-6, kShareMost = 1e6;
constexpr int kPriorityMost = 1'000'000, kWeightMost = 1000;
constexpr AtMost<Seconds> kDay{Seconds{86400.0}, "1 day"};

KeyFacts facts(const char* name, const char* help) {
  return {.section = "requests.class",
          .name = name,
          .flag = "",
          .value = "",
          .help = help,
          .questions = {Question::kServe}};
}

Key<Section> objective(const char* name, const char* help, std::optional<Seconds> Section::*member) {
  return quantity_key<Seconds, Section>(facts(name, help), member, Zero::kRefused, kDay);
}

}  // namespace

std::vector<Key<Section>> request_class_keys() {
  return {
      name_key<Section>(facts("name", "Of the class; with a trace, as its class column says"), &Section::name, "chat"),
      real_key<Section>(facts("share",
                              "Its part of the requests beside the other classes'; default 1; not with a "
                              "trace"),
                        &Section::share, kShareLeast, kShareMost),
      length_key<Section>(facts("input", "Prompt tokens; default: as in [requests]; not with a trace"), &Section::input,
                          true),
      length_key<Section>(facts("output", "Tokens to generate; default: as in [requests]; not with a trace"),
                          &Section::output, true),
      integer_key<Section>(facts("priority", "The lower, the sooner, under scheduling_policy = priority; default 0"),
                           &Section::priority, -kPriorityMost, kPriorityMost),
      integer_key<Section>(facts("weight", "Its share under scheduling_policy = fair; default 1"), &Section::weight, 1,
                           kWeightMost),
      objective("slo_ttft", "Time to the first token, at most; default: as in [requests]", &Section::slo_ttft),
      objective("slo_tpot", "Time of each later token on average, at most; default: as in [requests]",
                &Section::slo_tpot),
      objective("slo_e2e", "Time to the last token, at most; default: as in [requests]", &Section::slo_e2e),
      real_key<Section>(
          facts("slo_percentile", "Share of its requests that must keep the objectives; default: as in [requests]"),
          &Section::slo_percentile, 0.5, 0.99999)};
}

RequestClassSection read_request_class(const TomlTable& table, const std::vector<RequestClassSection>& others) {
  RequestClassSection section;
  section.at = table.position("name");
  read_keys(table, request_class_keys(), section);
  if (!table.has("name")) table.problem("name", "name is missing; write such as name = \"chat\"");
  const bool twice = std::any_of(others.begin(), others.end(), [&](const RequestClassSection& other) {
    return !section.name.empty() && other.name.text == section.name.text;
  });
  if (twice)
    table.problem("name", fmt::format("two classes are named \"{}\"; give each a name of its own",
                                      printable(section.name.text, 40)));
  return section;
}

}  // namespace socle::scenario
