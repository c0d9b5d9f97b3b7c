#include "socle/report/schemas.hpp"

namespace socle::report {

Schema compare_schema() {
  SchemaRows rows{
      {"provenance", "provenance", "Version, command and inputs."},
      {"title", "string", "The job in one line."},
      {"count", "integer", "Chips of each kind, or of the one that the others match."},
      {"count_found", "boolean",
       "No number was said: it is the smallest found on which every chip runs the job that can run it."},
      {"match", "string|null",
       "Name of the chip that the others keep up with in number; null: the same number of each."},
      {"day", "string", "Day whose export rules are told, YYYY-MM-DD."},
      {"chips[]", "object",
       "The chips, each in its fastest layout; the first is what the others are measured against."},
      {"chips[].name", "string", "Name of the chip."},
      {"chips[].chips", "integer", "Chips of this kind."},
      {"chips[].feasible", "boolean", "Some layout fits."},
      {"chips[].step_time_s?", "number", "Seconds of one optimizer step; this and the next ones need feasible."},
      {"chips[].mfu?", "number", "MFU, causal attention, a fraction."},
      {"chips[].tokens_per_s?", "number", "Tokens per second of all chips of the kind."},
      {"chips[].tokens_per_s_per_chip?", "number", "Tokens per second and chip."},
      {"chips[].tokens_per_s_per_chip_low?", "number", "Lower end of its 90 % range."},
      {"chips[].tokens_per_s_per_chip_high?", "number", "Upper end of its 90 % range."},
      {"chips[].layout?", "layout", "The fastest layout."},
      {"chips[].stack?", "string", "The software stack, by its slug."},
      {"chips[].stacks?", "stack_spread|null", "The plausible stacks, which ranges cover; null: it is stated."},
      {"chips[].infeasible?", "string", "Why no layout fits, with the remedy; absent with feasible."},
      {"chips[].missing_facts[]", "string",
       "Keys of facts that are not public, without which the chip is not judged; --assume supposes them."},
      {"chips[].power_per_chip_w", "number|null",
       "Watts of a chip, its share of the node where that is known; null: unknown."},
      {"chips[].price_per_chip", "object|null", "Price of a chip, its share of the node; null: unknown."},
      {"chips[].price_per_chip.amount", "number", "Amount in units of the currency."},
      {"chips[].price_per_chip.currency", "string", "Currency of the amount.", {"USD", "CNY"}},
      {"chips[].price_per_chip.per_hour", "boolean", "A rent for one hour; false: a purchase."},
      {"chips[].tpp", "number|null",
       "Total processing performance: dense TFLOP/s times bits, the most over formats (3A090); null: no peak is "
       "public."},
      {"chips[].performance_density", "number|null", "TPP per mm2 of logic silicon; null: either is unknown."},
      {"chips[].export[]", "object", "Rules in force on the day, the oldest first; an estimate, no legal advice."},
      {"chips[].export[].rule", "string", "The rule, by its id in the catalogue."},
      {"chips[].export[].effective", "string", "Day from which it holds."},
      {"chips[].export[].class", "string", "What it says of the chip."},
      {"chips[].export[].reason", "string", "Figures against thresholds, or which fact is unknown."}};
  return {"socle.compare/1",
          "One job on the same number of several chips: `socle compare`.",
          {{"", "", joined(std::move(rows), sentence_rows())}},
          {provenance_shape(), layout_shape(), stack_spread_shape()}};
}

}  // namespace socle::report
