#include "socle/setup/transport_setup.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"
#include "socle/machine/link_curves.hpp"
#include "socle/setup/refusal.hpp"

namespace socle::setup {
namespace {

NicShare share_of(const catalog::Transport& transport, const char* remark) {
  return {transport.share, fmt::format("NICs: {}{}.", remark, catalog::transport_text(transport))};
}

}  // namespace

catalog::Transport named_transport(const catalog::Catalog& catalog, const scenario::Scenario& scenario) {
  const scenario::Named& name = scenario.fabric.transport;
  try {
    return catalog::transport(catalog, name.text);
  } catch (const InputError& error) {
    Problem problem = error.problems().front();
    if (!problem.file.empty()) throw;  // a malformed file of the catalogue
    problem.file = name.at.line > 0 ? scenario.source : std::string();
    problem.line = name.at.line;
    problem.column = name.at.column;
    problem.key = "fabric.transport";
    throw InputError(std::move(problem));
  }
}

NicShare nic_share(const catalog::Catalog& catalog, const scenario::Scenario& scenario, bool cluster, bool streams) {
  const scenario::FabricSection& given = scenario.fabric;
  if (given.efficiency) {
    if (given.transport.empty())
      return {*given.efficiency, fmt::format("NICs: {} of a link (efficiency).", format_percent(*given.efficiency))};
    throw refusal(scenario, "fabric.efficiency",
                  "efficiency and transport both say what share of a link messages reach; write one of them");
  }
  if (!given.transport.empty()) return share_of(named_transport(catalog, scenario), "");
  if (!cluster && !streams) return {};
  if (cluster) {
    const catalog::Node node = catalog.node(scenario.cluster->node.text);
    const auto measured = machine::measured_collectives(catalog, catalog.chip(node.chip)).nic_fraction;
    if (measured)
      return {*measured, fmt::format("NICs: {} of a link, as measured beside this chip.", format_percent(*measured))};
    if (const auto own = catalog::transport_in_text(catalog, node.nic_type)) return share_of(*own, "");
  }
  return share_of(catalog::transport(catalog, catalog::kUsualTransport), "the transport is not stated; ");
}

}  // namespace socle::setup
