#include <utility>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/model/model_report.hpp"
#include "socle/report/schemas.hpp"
#include "socle/report/serve/calibrate_report.hpp"
#include "socle/report/serve/fit_report.hpp"

namespace socle::report {
namespace {

using answer::CalibratedPoint;
using answer::ServeCalibration;
using catalog::ServingTiming;

std::string load_of(const workload::BenchPoint& point) {
  if (point.rate) return fmt::format("{:.4g}/s", *point.rate);
  return point.concurrency ? fmt::format("{} at once", *point.concurrency) : "all at once";
}

std::string milliseconds(Seconds time) { return fmt::format("{:.4g}", time.value() * 1e3); }

Json timing_json(const ServingTiming& t) {
  Json json = Json::object();
  json.set("decode", t.decode).set("prefill", t.prefill).set("step_s", t.step.value());
  return std::move(json.set("per_prompt_s", t.per_prompt.value()).set("request_s", t.request.value()));
}

}  // namespace

std::string serve_calibrate_text(const ServeCalibration& result) {
  const setup::ServeSetup& setup = result.setup;
  std::string out =
      fmt::format("{}: {}\n{} on {} x {}, {}\n\n", printable(setup.model.name), model_line(setup.model),
                  setup.engine.name, result.row.layout.chips(), setup.chip.name, layout_words(result.row.layout));
  TextTable table({{"point", Align::kLeft},
                   {"load", Align::kRight},
                   {"in", Align::kRight},
                   {"out", Align::kRight},
                   {"TTFT ms", Align::kRight},
                   {"was", Align::kRight},
                   {"is", Align::kRight},
                   {"TPOT ms", Align::kRight},
                   {"was", Align::kRight},
                   {"is", Align::kRight}});
  for (const CalibratedPoint& p : result.points)
    table.add_row({printable(p.measured.source, 40), load_of(p.measured), fmt::format("{:.0f}", p.measured.input),
                   fmt::format("{:.0f}", p.measured.output), milliseconds(p.measured.ttft), milliseconds(p.ttft_before),
                   milliseconds(p.ttft), milliseconds(p.measured.tpot), milliseconds(p.tpot_before),
                   milliseconds(p.tpot)});
  out += table.str();
  out += fmt::format(
      "\nmedian error: TTFT {}, TPOT {} with the catalogue's overheads; {}, {} fitted;\n{}, {} of a point "
      "that was left out\n",
      format_percent(result.ttft_before), format_percent(result.tpot_before), format_percent(result.ttft_after),
      format_percent(result.tpot_after), format_percent(result.ttft_without), format_percent(result.tpot_without));
  const ServingTiming& a = result.before;
  const ServingTiming& b = result.after;
  out += fmt::format(
      "decode x {:.3g} (was {:.3g}), prefill x {:.3g} ({:.3g}), {} a step ({}), {} a prompt ({}), {} a request "
      "({})\n",
      b.decode, a.decode, b.prefill, a.prefill, format_seconds(b.step), format_seconds(a.step),
      format_seconds(b.per_prompt), format_seconds(a.per_prompt), format_seconds(b.request), format_seconds(a.request));
  return out;
}

Json serve_calibrate_json(const ServeCalibration& result, const std::vector<InputText>& inputs) {
  Json json = Json::object();
  json.set("schema", "socle.serve.calibrate/1").set("provenance", provenance("serve calibrate", inputs));
  json.set("model", result.setup.model.name)
      .set("engine", result.setup.engine.slug)
      .set("chip", result.setup.chip.slug);
  json.set("before", timing_json(result.before)).set("after", timing_json(result.after));
  const auto errors = [](double ttft, double tpot) {
    Json one = Json::object();
    return std::move(one.set("ttft", ttft).set("tpot", tpot));
  };
  json.set("median_error_before", errors(result.ttft_before, result.tpot_before));
  json.set("median_error_after", errors(result.ttft_after, result.tpot_after));
  json.set("median_error_left_out", errors(result.ttft_without, result.tpot_without));
  Json points = Json::array();
  for (const CalibratedPoint& p : result.points) {
    Json one = Json::object();
    one.set("source", p.measured.source).set("ttft_s", p.measured.ttft.value()).set("tpot_s", p.measured.tpot.value());
    one.set("ttft_before_s", p.ttft_before.value()).set("tpot_before_s", p.tpot_before.value());
    one.set("ttft_after_s", p.ttft.value()).set("tpot_after_s", p.tpot.value());
    points.push(
        std::move(one.set("ttft_left_out_s", p.ttft_without.value()).set("tpot_left_out_s", p.tpot_without.value())));
  }
  return std::move(json.set("points", std::move(points)));
}

Schema serve_calibrate_schema() {
  SchemaRows rows{{"provenance", "provenance", "What the document rests on."},
                  {"model", "string", "The model."},
                  {"engine", "string", "Slug of the engine's line."},
                  {"chip", "string", "Slug of the chip."}};
  for (const char* when : {"before", "after"}) {
    const std::string key = when;
    rows.push_back({key, "object", key == "before" ? "What the engine adds by the catalogue." : "The same, fitted."});
    rows.push_back({key + ".decode", "number", "Factor on the device's time of steps that only decode."});
    rows.push_back({key + ".prefill", "number", "Factor on that of steps with prompts."});
    rows.push_back({key + ".step_s", "number", "Of each step."});
    rows.push_back({key + ".per_prompt_s", "number", "Of each piece of a prompt."});
    rows.push_back({key + ".request_s", "number", "Of each request."});
  }
  for (const char* when : {"before", "after", "left_out"}) {
    const std::string key = fmt::format("median_error_{}", when);
    rows.push_back({key, "object", "Median absolute relative errors of the points."});
    rows.push_back({key + ".ttft", "number", "Of TTFT."});
    rows.push_back({key + ".tpot", "number", "Of TPOT."});
  }
  rows = joined(std::move(rows), {{"points[]", "object", "The measured points."},
                                  {"points[].source", "string", "File, and the place in it."},
                                  {"points[].ttft_s", "number", "Measured mean TTFT."},
                                  {"points[].tpot_s", "number", "Measured mean TPOT."},
                                  {"points[].ttft_before_s", "number", "Predicted by the catalogue."},
                                  {"points[].tpot_before_s", "number", "Predicted by the catalogue."},
                                  {"points[].ttft_after_s", "number", "Predicted as fitted."},
                                  {"points[].tpot_after_s", "number", "Predicted as fitted."},
                                  {"points[].ttft_left_out_s", "number", "Predicted as fitted on the other points."},
                                  {"points[].tpot_left_out_s", "number", "Predicted as fitted on the other points."}});
  return {"socle.serve.calibrate/1",
          "An engine fitted on results of load generators: `socle serve calibrate`.",
          {{"", "always", std::move(rows)}},
          {provenance_shape()}};
}

}  // namespace socle::report
