#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "socle/catalog/catalog.hpp"
#include "socle/catalog/collective_library.hpp"
#include "socle/comm/channel_messages.hpp"
#include "socle/kernel/chip_kernels.hpp"
#include "socle/scenario/scenario.hpp"
#include "socle/setup/fabric_setup.hpp"

namespace socle::setup {

/// The algorithm of a collective that is what a library would run, as scenarios name it.
inline constexpr const char* kLibrary = "library";

/// Whether a scenario's collective is left to the library: it says so, or it names no algorithm and has hosts of
/// several NICs or a cluster. Endpoints alone and tori run textbook algorithms, for nothing is known of their software.
bool runs_library(const scenario::Scenario& scenario);

/// The library that groups of a fabric call.
struct LibrarySetup {
  catalog::CollectiveLibrary library;
  std::unique_ptr<const comm::ScaleUp> scale_up;  ///< inside a domain
  comm::LibraryLinks links;
  comm::Footprint group;       ///< of every group
  std::uint32_t channels = 1;  ///< rings or trees
  Seconds added_hop{};         ///< of a message across, beyond the library's own: what the user states
  bool chip_measured = false;  ///< its links, so its ranges are narrower
};

/// One call of it: messages, and the parts of its time that no message decides.
struct LibraryRun {
  std::string algorithm;                        ///< "ring"; "scale-up" inside one domain
  std::string protocol;                         ///< "simple"; empty inside one domain
  std::uint32_t channels = 0;                   ///< NICs of a host that it uses; 0 inside one domain
  comm::RoundPlan across;                       ///< what the NICs carry
  comm::RoundPlan inside;                       ///< what the links of the domains carry
  Seconds latency{}, outside{}, inside_time{};  ///< alone on its links
  double overlap_exponent = 1;
  double low = 1, high = 1;  ///< measured / predicted time: catalog::CollectiveRange

  /// The time of the call when its messages across take so long.
  Seconds time(Seconds messages) const { return comm::call_time(latency, messages, inside_time, overlap_exponent); }
};

/// Finds out what the groups are to a library, and puts their members in its order, domain by domain. Throws
/// InputError: groups that fill domains unevenly, more channels than NICs.
LibrarySetup set_up_library(const catalog::Catalog& catalog, const scenario::Scenario& scenario,
                            const FabricSetup& fabric, std::vector<std::vector<std::uint32_t>>& groups,
                            std::vector<std::string>& assumptions);

/// Messages of one group, without making them. Requires: request.ranks = setup.group.ranks.
comm::MessageCount library_messages(const LibrarySetup& setup, const comm::OperationRequest& request);

/// What it runs for this operation. Requires: request.ranks = setup.group.ranks.
LibraryRun library_run(const LibrarySetup& setup, const comm::OperationRequest& request);

}  // namespace socle::setup
