#include "socle/report/schemas.hpp"

namespace socle::report {

Schema check_schema() {
  const SchemaRows rows{
      {"provenance", "provenance", "Version, command and inputs."},
      {"scenario", "string", "The scenario, by its file name."},
      {"understood[]", "string", "What was understood, such as model, cluster and layout, a sentence each."},
      {"questions[]", "object", "The commands that take a scenario."},
      {"questions[].command", "string", "The command, without socle."},
      {"questions[].ready", "boolean", "The scenario says enough for it."},
      {"questions[].missing", "string|null", "What the scenario would have to say for it; null: it is ready."}};
  return {"socle.check/1",
          "A scenario that was read and whose names were looked up; nothing is computed: `socle check`.",
          {{"", "", rows}},
          {provenance_shape()}};
}

}  // namespace socle::report
