#include <utility>

#include "socle/api/option_reader.hpp"
#include "socle/api/risk.hpp"
#include "socle/api/serve.hpp"
#include "socle/report/risk/risk_report.hpp"
#include "socle/report/risk/serve_risk_report.hpp"

namespace socle::api {
namespace {

constexpr Seconds kDay{86400};
constexpr int kZonesMost = 1000, kNodesMost = 1'000'000;

answer::ServeRiskOptions read_options(const catalog::Catalog& catalog, const ServeRiskRequest& asked) {
  Problems problems;
  OptionReader read(problems);
  answer::ServeRiskOptions options;
  try {
    options.failures =
        catalog::load_failure_fleet(catalog, asked.failures.empty() ? catalog::kUsualFailures : asked.failures);
  } catch (const InputError& error) { problems.add(error.problems()); }
  options.zones = read.whole("zones", asked.zones, 1, kZonesMost).value_or(1);
  options.spare_nodes = read.whole("spare-nodes", asked.spare_nodes, 0, kNodesMost);
  options.rack_nodes = read.whole("rack-nodes", asked.rack_nodes, 1, kNodesMost);
  const auto target = read.number("target", asked.target, 0.5, 0.9999999);
  options.target_stated = target.has_value();
  options.target = target.value_or(options.target);
  const auto time = [&](const char* name, const std::string& text) {
    return read.unit<Seconds>(name, text, Seconds{}, kDay, "from 0 to 1 day");
  };
  options.detect = time("detect", asked.detect);
  options.reschedule = time("reschedule", asked.reschedule);
  options.image = time("image", asked.image);
  options.warm_up = time("warm-up", asked.warm_up);
  options.load = read.unit<BytesPerSecond>("load", asked.load, BytesPerSecond{1e6}, BytesPerSecond{1e13},
                                           "from 1 MB/s to 10 TB/s");
  problems.throw_if_any();
  return options;
}

}  // namespace

ServeRiskAnswer serve_risk(const catalog::Catalog& catalog, const Request& request, const ServeRiskRequest& asked,
                           const std::string& assume, Progress* progress) {
  answer::ServeRiskOptions options = read_options(catalog, asked);
  ServeAnswer served = serve(catalog, request, {.curve = true}, assume, progress);
  add_options({&asked.failures, &asked.zones, &asked.spare_nodes, &asked.rack_nodes, &asked.target, &asked.detect,
               &asked.reschedule, &asked.image, &asked.load, &asked.warm_up},
              served.inputs);
  return {answer::serve_risk(std::move(served.result), std::move(options)), std::move(served.inputs)};
}

std::string text(const ServeRiskAnswer& answer) {
  return answer.result ? report::serve_risk_text(*answer.result) : report::risk_refusal_text(answer.result.why());
}
std::string json(const ServeRiskAnswer& answer) {
  return (answer.result ? report::serve_risk_json(*answer.result, answer.inputs)
                        : report::serve_risk_refusal_json(answer.result.why(), answer.inputs))
             .dump() +
         "\n";
}
bool holds(const ServeRiskAnswer& answer) { return answer.result && answer.result->keeps_target(); }

}  // namespace socle::api
