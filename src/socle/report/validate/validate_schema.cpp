#include "socle/report/schemas.hpp"

namespace socle::report {
namespace {

SchemaRows count_rows() {
  return {{"provenance", "provenance", "Version, command and inputs."},
          {"cases", "integer", "Cases of the file."},
          {"predicted", "integer", "Cases that were predicted."},
          {"compared", "integer", "Cases of these that have a measurement."},
          {"unsupported", "integer", "Cases that were not predicted."},
          {"unsupported_reasons[]", "object", "Why not, the most frequent reason first."},
          {"unsupported_reasons[].reason", "string", "The reason; figures in it read N."},
          {"unsupported_reasons[].cases", "integer", "Cases."}};
}

}  // namespace

Shape errors_shape() {
  return {"errors",
          "Errors over one group of cases; an error is predicted / measured - 1.",
          {{"group", "string", "The group: all, or a kind and a name, such as chip h100-sxm."},
           {"cases", "integer", "Cases of the group that have a measurement."},
           {"mean_absolute_error", "number", "Mean of the absolute errors, a fraction."},
           {"median_absolute_error", "number", "Median of the absolute errors, a fraction."},
           {"signed_error", "number", "Mean of the errors, a fraction; above 0: predicted too long or too much."},
           {"share_inside_range", "number", "Share of the measurements inside the stated range."},
           {"worst_error", "number", "The error that is farthest from 0, a fraction."},
           {"worst_case", "string", "Id of that case."}}};
}

Schema validate_schema() {
  const SchemaRows training{
      {"known_layouts", "integer", "Cases whose source states the layout."},
      {"known_layouts_predicted", "integer", "Cases of these that were predicted."},
      {"ran_but_called_out_of_memory", "integer", "Cases that ran but are called out of memory."},
      {"step_time[]", "errors", "Errors of step times, all cases first; groups without cases are left out."},
      {"memory[]", "errors", "Errors of peak memory, likewise; empty: no case states it."},
      {"layout_order", "object", "Jobs with three or more measured layouts: which would be picked."},
      {"layout_order.mean_regret", "number",
       "Measured time of the layout predicted fastest over the fastest, minus 1."},
      {"layout_order.worst_regret", "number", "The worst job's."},
      {"layout_order.mean_rank_correlation", "number", "Spearman's, of predicted and measured times, over the jobs."},
      {"layout_order.jobs[]", "object", "The jobs."},
      {"layout_order.jobs[].job", "string", "Collection, model, chips, sequence, batch, precision."},
      {"layout_order.jobs[].source", "string", "Collection of its runs."},
      {"layout_order.jobs[].layouts", "integer", "Of it, predicted and measured."},
      {"layout_order.jobs[].regret", "number", "Of it."},
      {"layout_order.jobs[].rank_correlation", "number|null", "Of it; null: all times of one kind are equal."},
      {"left_out[]", "object", "Step times of what is left out whole and predicted from its relatives."},
      {"left_out[].kind", "string", "stack (a framework), release (one stack of a framework), chip or source."},
      {"left_out[].errors[]", "errors", "All cases first, then by what was left out; ranges are of the other groups."},
      {"left_out[].mean_of_groups", "number", "Mean absolute error, each group counted once."},
      {"left_out[].signed_of_groups", "number", "Mean error, each group counted once."},
      {"left_out[].covered_of_groups", "number", "Share inside the range, each group counted once."},
      {"left_out[].range_low", "number|null",
       "5th percentile of measured / predicted, a group of n runs weighing n / (n + 12); null: fewer than three "
       "groups."},
      {"left_out[].range_high", "number|null", "95th percentile, likewise."},
      {"left_out[].range_error", "number|null", "Mean absolute error, likewise."}};
  const SchemaRows collectives{
      {"errors[]", "errors", "Errors of time, or of bus bandwidth where no time is stated; all cases first."},
      {"held_out_size[]", "errors", "The same without the measurement of that size on that curve."},
      {"held_out_ranks[]", "errors", "The same without the curve of that number of ranks."},
      {"held_out_chip[]", "errors", "The same without any measurement of the chip."}};
  const SchemaRows serving{
      {"ttft[]", "errors", "Errors of the time to first token, all cases first; groups without cases are left out."},
      {"tpot[]", "errors", "Errors of the time per output token."},
      {"throughput[]", "errors", "Errors of output tokens a second, derived from both on both sides."},
      {"ttft_without_chip[]", "errors", "TTFT with the engine's overheads from its other chips."},
      {"tpot_without_chip[]", "errors", "TPOT likewise."},
      {"ttft_without_engine[]", "errors", "TTFT with the overheads of other engines on the chip."},
      {"tpot_without_engine[]", "errors", "TPOT likewise."},
      {"regret", "object", "How much worse than the best measured the configuration is that would be picked."},
      {"regret.choices", "integer", "Groups of configurations of one model, chip and traffic."},
      {"regret.mean", "number", "Mean over them, a fraction of output tokens a second and chip."},
      {"regret.worst", "number", "The worst."},
      {"regret.worst_choice", "string", "Its model, chip and traffic; empty: none is worse."}};
  const SchemaRows runs{
      {"errors[]", "errors", "Errors of means, 99th percentiles and makespans: all, then by metric and by run."}};
  return {"socle.validate/1",
          "Predictions against published measurements: `socle validate`.",
          {{"training", "of `socle validate training`", joined(count_rows(), training)},
           {"collectives", "of `socle validate collectives`", joined(count_rows(), collectives)},
           {"serving", "of `socle validate serving`", joined(count_rows(), serving)},
           {"runs", "of `socle validate runs`", joined(count_rows(), runs)}},
          {provenance_shape(), errors_shape()}};
}

}  // namespace socle::report
