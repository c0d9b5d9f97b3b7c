#include "socle/api/migrate_torch.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/migrate.hpp"
#include "socle/api/catalog.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context& context) {
  const api::TorchAnswer answer = api::migrate_torch(api::load_catalog(arguments.text("--catalog")), arguments.words,
                                                     arguments.text("--to"), &context.progress);
  return {arguments.has("--json") ? api::json(answer) : api::text(answer),
          api::holds(answer) ? kAnswer : kNoFeasiblePlan};
}

}  // namespace

Command migrate_torch_command() {
  return {.words_name = "PATH...",
          .words_max = 1000,
          .options = {{"--to", "CHIPS", "Chips of Huawei, with a comma between"}, json_option(), catalog_option()},
          .examples = {"socle migrate torch examples/migrate-torch --to ascend-910c,ascend-950dt"},
          .run = run};
}

}  // namespace socle::cli
