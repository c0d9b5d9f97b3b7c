#include "socle/api/migrate_torch.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/migrate.hpp"
#include "cli/files.hpp"
#include "socle/api/catalog.hpp"

namespace socle::cli {
namespace {

Outcome run(const Arguments& arguments, Context& context) {
  const Files files(arguments, {});
  const std::string facts = arguments.text("--facts");
  const api::TorchAnswer answer =
      api::migrate_torch(api::load_catalog(arguments.text("--catalog")), arguments.words, arguments.text("--to"),
                         &context.progress, facts, facts.empty() ? std::string() : files.read(facts));
  return {arguments.has("--json") ? api::json(answer) : api::text(answer),
          api::holds(answer) ? kAnswer : kNoFeasiblePlan};
}

}  // namespace

Command migrate_torch_command() {
  return {.words_name = "PATH...",
          .words_max = 1000,
          .options = {{"--to", "CHIPS", "Chips of Huawei, with a comma between"},
                      {"--facts", "FILE.csv",
                       "Your own rows: columns name, a2, a3, 950dt; they go before the built-in ones"},
                      json_option(),
                      catalog_option()},
          .examples = {"socle migrate torch examples/migrate-torch --to ascend-910c,ascend-950dt"},
          .run = run};
}

}  // namespace socle::cli
