#include "socle/answer/serve/prefill_side.hpp"

#include "socle/base/check.hpp"
#include "socle/base/error.hpp"

namespace socle::answer {

PrefillSide prefill_side(const setup::ServeSimulationSetup& setup, const workload::ServingLayout& decode,
                         const machine::MachineSpec& spec) {
  SOCLE_CHECK(setup.prefill.has_value(), "a separate prefill is asked for");
  PrefillSide side;
  side.replicas = setup.prefill->replicas;
  const workload::ServingLayout layout = setup.prefill->layout(decode);
  side.row = fit_row(setup.serve, layout);
  if (!side.row.problem.empty())
    throw InputError(Problem{setup.serve.source, 0, 0, "serving.prefill_tp", "prefill replicas: " + side.row.problem});
  side.links = setup::transfer_links(layout, decode, spec, spec);
  side.cache_per_token = memory::cache_bytes_per_token(setup.serve.model, setup.serve.formats);
  if (side.row.fits && side.row.memory->blocks > 0)
    side.deployment = setup::deploy_prefill(setup, layout, *side.row.memory);
  return side;
}

}  // namespace socle::answer
