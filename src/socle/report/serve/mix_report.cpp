#include "socle/report/serve/mix_report.hpp"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "socle/base/text_table.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/base/utf8.hpp"
#include "socle/report/schemas.hpp"

namespace socle::report {
namespace {

using answer::ChipMixResult;
using search::ChipMix;
using search::MixQuestion;

std::string kinds_text(const MixQuestion& question, const ChipMix& mix, std::string_view currency) {
  TextTable table({{"kind"},
                   {"chips", Align::kRight},
                   {fmt::format("{} an hour", currency), Align::kRight},
                   {"with it alone", Align::kRight}});
  for (std::size_t k = 0; k < question.kinds.size(); ++k)
    table.add_row({printable(question.kinds[k].name), std::to_string(mix.counts[k]),
                   format_number(question.kinds[k].price * mix.counts[k]),
                   mix.alone[k] ? format_number(*mix.alone[k]) : "-"});
  return table.str();
}

std::string buckets_text(const MixQuestion& question, const ChipMix& mix) {
  TextTable table({{"bucket"}, {"requests/s", Align::kRight}, {"served by"}}, 100);
  for (std::size_t b = 0; b < question.buckets.size(); ++b) {
    std::string by;
    for (std::size_t k = 0; k < question.kinds.size(); ++k) {
      const int slices = mix.slices[b][k];
      if (slices == 0 || question.buckets[b].rate == 0) continue;
      const std::string share = slices == question.slices ? "" : fmt::format(" {}/{}", slices, question.slices);
      by += (by.empty() ? "" : ", ") + printable(question.kinds[k].name) + share;
    }
    table.add_row({printable(question.buckets[b].name), format_number(question.buckets[b].rate), by});
  }
  return table.str();
}

}  // namespace

std::string chip_mix_text(const ChipMixResult& result) {
  const MixQuestion& question = result.table.question;
  if (!result.mix)
    return wrap_text(
        fmt::format("No mix serves them: {}. {}.", printable(result.mix.why().detail), result.mix.why().remedy), 100,
        0);
  const ChipMix& mix = *result.mix;
  const std::string_view currency = currency_name(result.table.currency);
  std::string text = fmt::format("{} {} an hour\n\n", format_number(mix.price), currency);
  text += kinds_text(question, mix, currency) + "\n" + buckets_text(question, mix) + "\n";
  text += mix.proved ? "No mix of these slices is cheaper; " : "The search was cut short, so a cheaper mix may exist; ";
  text += fmt::format("with fractions of chips: {} {} at the least.\n", format_number(mix.bound), currency);
  return text;
}

Json chip_mix_json(const ChipMixResult& result, const std::vector<InputText>& inputs) {
  const MixQuestion& question = result.table.question;
  Json json = Json::object(), kinds = Json::array(), buckets = Json::array();
  json.set("schema", "socle.serve.mix/1").set("provenance", provenance("serve mix", inputs));
  json.set("currency", currency_name(result.table.currency)).set("slices", question.slices);
  json.set("feasible", static_cast<bool>(result.mix));
  json.set("reason", result.mix ? Json() : Json(result.mix.why().detail));
  json.set("price_per_hour", result.mix ? Json(result.mix->price) : Json());
  json.set("bound_per_hour", result.mix ? Json(result.mix->bound) : Json());
  json.set("proved", result.mix ? Json(result.mix->proved) : Json());
  for (std::size_t k = 0; k < question.kinds.size(); ++k) {
    const bool alone = result.mix && result.mix->alone[k];
    kinds.push(std::move(Json::object()
                             .set("kind", question.kinds[k].name)
                             .set("count", result.mix ? Json(result.mix->counts[k]) : Json())
                             .set("alone_per_hour", alone ? Json(*result.mix->alone[k]) : Json())));
  }
  for (std::size_t b = 0; b < question.buckets.size(); ++b) {
    Json slices = Json::array();
    for (std::size_t k = 0; result.mix && k < question.kinds.size(); ++k) slices.push(result.mix->slices[b][k]);
    buckets.push(std::move(Json::object()
                               .set("bucket", question.buckets[b].name)
                               .set("requests_per_s", question.buckets[b].rate)
                               .set("slices", std::move(slices))));
  }
  return std::move(json.set("kinds", std::move(kinds)).set("buckets", std::move(buckets)));
}

Schema serve_mix_schema() {
  return {
      "socle.serve.mix/1",
      "The cheapest mix of chips for buckets of requests: `socle serve mix`.",
      {{"",
        "always",
        {{"provenance", "provenance", "What the document rests on."},
         {"currency", "string", "Of every amount.", {"USD", "CNY"}},
         {"slices", "integer", "Into which each bucket may be split."},
         {"feasible", "boolean", "Some mix serves all buckets."},
         {"reason", "string|null", "Why none does; null: one does."},
         {"price_per_hour", "number|null", "Of the cheapest mix."},
         {"bound_per_hour", "number|null", "No mix is cheaper: fractions of chips, each bucket where it is cheapest."},
         {"proved", "boolean|null", "No mix of whole slices is cheaper; false: the search was cut short."},
         {"kinds[]", "object", "Kinds of chips, as the table has them."},
         {"kinds[].kind", "string", "Its name."},
         {"kinds[].count", "integer|null", "How many."},
         {"kinds[].alone_per_hour", "number|null", "Price with this kind only; null: it cannot serve all."},
         {"buckets[]", "object", "Buckets, as the table has them."},
         {"buckets[].bucket", "string", "Its name."},
         {"buckets[].requests_per_s", "number", "Its rate."},
         {"buckets[].slices[]", "integer", "Of it, by kind in their order; empty: there is no mix."}}}},
      {provenance_shape()}};
}

}  // namespace socle::report
