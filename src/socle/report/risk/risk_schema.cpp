#include <utility>

#include "socle/report/schemas.hpp"
#include "socle/scenario/risk_section.hpp"

namespace socle::report {
namespace {

Shape parts_shape() {
  return {"time_parts",
          "Where the time goes, as shares of the wall-clock time; they add up to 1.",
          {{"productive", "number", "Useful work that stands."},
           {"checkpoint", "number", "Standing still for copies and writes, also those cut off."},
           {"lost", "number", "Work done again, or spoiled unnoticed."},
           {"detect", "number", "From a failure until it is noticed."},
           {"restart", "number", "Drain, reschedule, image, restore, warm-up; the stall of an elastic job."},
           {"wait", "number", "For a repair, because no spare was left."},
           {"degraded", "number", "Capacity missing while an elastic job goes on."},
           {"planned", "number", "Interruptions that were meant."}}};
}

Shape quantiles_shape() {
  return {"quantiles",
          "Values at or below which so many of the runs lie.",
          {{"p1", "number", "1 %."},
           {"p10", "number", "10 %."},
           {"p50", "number", "Half."},
           {"p90", "number", "90 %."},
           {"p99", "number", "99 %."}}};
}

Shape simulated_shape() {
  return {"simulated",
          "The job played many times.",
          {{"samples", "integer", "Runs."},
           {"effective", "number", "Useful work of all runs over their time."},
           {"effective_error", "number", "Its standard error."},
           {"interruptions", "number", "Of a run, mean."},
           {"shares", "time_parts", "Of the time of all runs."},
           {"balance_error", "number", "The largest relative gap between the parts of a run and its clock."},
           {"effective_quantiles", "quantiles", "Useful share of a run."},
           {"wall_s", "quantiles", "Time to finish."},
           {"interruption_quantiles", "quantiles", "Interruptions of a run."}}};
}

SchemaRows job_rows() {
  return {{"job", "object", "The job."},
          {"job.model", "string|null", "Its model; null: none is named."},
          {"job.cluster", "string", "What it runs on."},
          {"job.chips", "integer", "Chips."},
          {"job.nodes", "integer", "Nodes."},
          {"job.run_s", "number", "Useful work: the run without failures and checkpoints."},
          {"job.step_s", "number|null", "Of a predicted job."},
          {"job.checkpoint_bytes", "number", "Of one checkpoint."},
          {"job.replicas", "integer", "Data-parallel."},
          {"fleet", "object|null", "Whose failures are expected; null: a rate of the user's own."},
          {"fleet.slug", "string", "Entry of the catalogue."},
          {"fleet.name", "string", "Its name."},
          {"fleet.grade", "string", "What was read for it: primary, second-hand or derived."},
          {"fleet.date", "string", "When it was published."},
          {"fleet.source", "string", "Where."},
          {"failures[]", "object", "What fails."},
          {"failures[].name", "string", "Class."},
          {"failures[].group", "string", "Kind of part."},
          {"failures[].per_day", "number", "Events of the whole job in a day."},
          {"failures[].node_lost", "number", "Share of them that take the node away."},
          {"failures[].unnoticed_s", "number", "That work is spoiled before anybody sees it."},
          {"failures[].repair_median_s", "number", "Of the node."},
          {"failures[].repair_mean_s", "number", "The same."}};
}

SchemaRows figure_rows() {
  return {
      {"expected", "object", "By closed form, at the middle rate."},
      {"expected.mtti_s", "number", "Mean time to interruption."},
      {"expected.effective", "number", "Useful share of the time (ETTR)."},
      {"expected.wall_s", "number", "To finish."},
      {"expected.interruptions", "number", "Unexpected, until then."},
      {"expected.interval_s", "number", "Useful work between two writes to storage."},
      {"expected.interval_best", "boolean", "Chosen here."},
      {"expected.memory_interval_s", "number|null", "Between two copies in memory; null: there are none."},
      {"expected.restart_s", "number", "From a failure to useful work, without waiting."},
      {"expected.shares", "time_parts", "Of the time."},
      {"simulated", "simulated", "Played, over the range of the rate."},
      {"checkpoint", "object", "How state is kept."},
      {"checkpoint.kind", "string", "How.", scenario::checkpoint_kind_names()},
      {"checkpoint.blocking_s", "number", "That the job stands still for a write to storage."},
      {"checkpoint.lag_s", "number", "From then until it counts."},
      {"checkpoint.copy_blocking_s", "number|null", "For a copy in memory; null: there are none."},
      {"checkpoint.storage_write_bytes_per_s", "number", "Of the store."},
      {"checkpoint.storage_read_bytes_per_s", "number", "The same."},
      {"restart", "object", "Its stages."},
      {"restart.detect_s", "number", "Until noticed."},
      {"restart.drain_s", "number", "Until the node is out."},
      {"restart.reschedule_s", "number", "Until another is in."},
      {"restart.image_s", "number", "Until the image runs."},
      {"restart.restore_s", "number", "Reading the checkpoint."},
      {"restart.warm_up_s", "number", "Until useful work."},
      {"textbook", "object|null", "Known forms at mean time to interruption and mean restart; null: not of this job."},
      {"textbook.young_s", "number", "Young's best interval."},
      {"textbook.daly_s", "number", "Daly's."},
      {"textbook.exact_s", "number", "The exact one."},
      {"textbook.effective", "number", "Exact useful share at the interval taken."},
      {"textbook.meta_effective", "number|null", "Meta's estimate of it; null: refused, out of its range."},
      {"textbook.first_order_effective", "number|null", "First order; null: refused, it wastes more than a tenth."},
      {"interval_curve[]", "object", "Useful share by interval; empty for an elastic job."},
      {"interval_curve[].interval_s", "number", "Useful work between two writes."},
      {"interval_curve[].effective", "number", "Useful share."}};
}

SchemaRows need_rows() {
  return {
      {"spares[]", "object", "That keep the job whole for a share of the time."},
      {"spares[].level", "number", "That share."},
      {"spares[].nodes", "integer", "Spares, over burn-in and the range of the rate."},
      {"spares[].at_middle_rate", "integer", "What a constant rate would say."},
      {"storage", "object", "What the store must do."},
      {"storage.dataset_bytes", "number|null", "Of the training data; null: not known."},
      {"storage.kept_bytes", "number", "Of the checkpoints that are kept."},
      {"storage.samples_bytes_per_s", "number|null", "That training reads; null: not known."},
      {"storage.write_bytes_per_s", "number", "To end a checkpoint before the next."},
      {"storage.restore_once_s", "number", "Reading each byte of a checkpoint once."},
      {"storage.restore_all_s", "number", "With every replica reading its weights."},
      {"storage.demands[]", "object", "One by one."},
      {"storage.demands[].what", "string", "What it must do."},
      {"storage.demands[].need", "number", "Bytes, or bytes a second."},
      {"storage.demands[].have", "number|null", "Stated or assumed; null: not stated."},
      {"storage.demands[].enough", "boolean|null", "Null: nothing is stated to judge."},
      {"storage.suffices", "boolean", "Nothing that is stated falls short."},
      {"lost", "object|null", "Worth of the hours that are not useful; null: neither rent nor lost_hour is stated."},
      {"lost.per_hour", "money", "Of the whole cluster."},
      {"lost.from_rent", "boolean", "Else as stated."},
      {"lost.expected", "money", "Mean."},
      {"lost.p90", "money", "Of the run that takes longer than nine of ten."},
      {"lost.p99", "money", "Of the run that takes longer than 99 of 100."}};
}

SchemaRows replay_rows() {
  SchemaRows rows{{"replay", "object|null", "A recorded trace, and the job on it; null: none is given."},
                  {"replay.trace", "string", "Its file."},
                  {"replay.statistics", "object", "What it says."}};
  const SchemaRows statistics{{"nodes", "integer", "Watched."},
                              {"faults", "integer", "Recorded."},
                              {"length_s", "number", "From the first fault to the last repair."},
                              {"per_1000_node_days", "number", "Faults."},
                              {"unavailability", "number", "Of a node."},
                              {"down_mean", "number", "Nodes down together."},
                              {"down_p50", "integer", "Half of the time at most."},
                              {"down_p90", "integer", "90 % of it."},
                              {"down_p99", "integer", "99 % of it."},
                              {"down_p999", "integer", "99.9 % of it."},
                              {"down_max", "integer", "Ever."},
                              {"binomial_p99", "integer", "That a constant rate would say."},
                              {"daily_variance_to_mean", "number", "Of faults in a day; 1 at random."},
                              {"node_variance_to_mean", "number", "Of faults of a node."},
                              {"gap_variation", "number", "Standard deviation / mean of times between faults."},
                              {"gap_weibull_shape", "number", "Below 1: in bunches."},
                              {"worst_nodes_share", "number", "Of faults, of the worst twentieth of the nodes."},
                              {"repair_median_s", "number", "Of a node."},
                              {"repair_mean_s", "number", "The same."},
                              {"repair_p90_s", "number", "The same."},
                              {"window_down[]", "number", "Nodes down in each sixth of the time."},
                              {"classes[]", "object", "By class, most frequent first."},
                              {"classes[].name", "string", "Class."},
                              {"classes[].count", "integer", "Faults."},
                              {"classes[].repair_median_s", "number", "Of them."},
                              {"classes[].repair_mean_s", "number", "The same."}};
  rows = joined(std::move(rows), under("replay.statistics", statistics));
  rows.push_back({"replay.simulated", "simulated|null", "The job on the trace; null: refused."});
  rows.push_back({"replay.refusal", "string|null", "Why."});
  for (SchemaRow row :
       SchemaRows{{"cuts[]", "object", "Savings, each alone, then all together where there are several."},
                  {"cuts[].saving", "string", "What is otherwise."},
                  {"cuts[].refusal", "string|null", "Why no figure means anything with it; null: they do."},
                  {"cuts[].saved", "money|null", "As stated, or the rent of spares that go; null: not stated."},
                  {"cuts[].effective", "number|null", "Useful share of the time, played."},
                  {"cuts[].wall_p50_s", "number|null", "To finish, in half of the runs."},
                  {"cuts[].wall_p99_s", "number|null", "In 99 of 100."},
                  {"cuts[].hours_expected", "number", "Lost beyond those without it, mean."},
                  {"cuts[].hours_p99", "number", "The same at P99."},
                  {"cuts[].lost_expected", "money|null", "Their worth; null: no worth is stated."},
                  {"cuts[].lost_p99", "money|null", "The same at P99."}})
    rows.push_back(std::move(row));
  return rows;
}

}  // namespace

Schema risk_schema() {
  const auto head = [](const char* status) {
    return SchemaRows{{"provenance", "provenance", "What the document rests on."},
                      {"status", "string", "Which form this is.", {status}}};
  };
  SchemaRows answer = joined(head("answer"), job_rows());
  answer = joined(joined(joined(std::move(answer), figure_rows()), need_rows()), replay_rows());
  return {"socle.risk/1",
          "What failures leave of a training job's time: `socle risk`.",
          {{"answer", "figures mean something", joined(std::move(answer), sentence_rows())},
           {"refused", "they would not, or the job fits in no layout",
            joined(head("refused"), {{"reason", "string", "A short name."},
                                     {"detail", "string", "The figures behind it."},
                                     {"remedy", "string", "What would change it."}})}},
          {provenance_shape(), money_shape(), parts_shape(), quantiles_shape(), simulated_shape()}};
}

}  // namespace socle::report
