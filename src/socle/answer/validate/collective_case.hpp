#pragma once

#include <optional>
#include <string>

#include "socle/base/csv.hpp"
#include "socle/base/quantity.hpp"
#include "socle/catalog/catalog.hpp"

namespace socle::answer {

/// What a case measures; the first four in the order of kernel::Collective.
enum class CollectiveKind {
  kAllReduce,
  kAllGather,
  kReduceScatter,
  kAllToAll,
  kBroadcast,
  kSendReceive,
  kExpertExchange,
  kExpertLowLatency,
  kReduce
};

/// One published measurement of a collective, as a row of validation/collectives.csv states it.
struct CollectiveCase {
  std::string id;          ///< the row's, else "line-N"
  std::string source;      ///< as given
  std::string collective;  ///< as written
  CollectiveKind kind = CollectiveKind::kAllReduce;
  std::string chip;  ///< slug
  Bytes buffer{};    ///< as nccl-tests counts it
  int ranks = 0;
  int nodes = 1;
  std::optional<BytesPerSecond> nic_per_chip;
  std::string fabric_words;                   ///< inter_fabric and notes: what may name the transport
  bool one_domain = true;                     ///< all ranks share one scale-up domain
  bool grouped_routing = false;               ///< expert exchange whose tokens go to at most four nodes
  std::optional<double> time_us, busbw_gb_s;  ///< measured
  std::string unsupported;                    ///< why it cannot be predicted, empty when it can
};

/// Columns that a file of cases has; `id`, `time_us`, `nic_gbps_per_gpu`, `intra_fabric`, `inter_fabric` and `notes`
/// may be absent or empty.
inline constexpr const char* kCollectiveColumns[] = {"collective", "bytes",     "gpus",  "nodes",
                                                     "gpu",        "busbw_gbs", "source"};

/// Reads one row. A row that cannot be predicted says why; one that is malformed throws InputError with line and
/// column.
CollectiveCase read_collective_case(const catalog::Catalog& catalog, const CsvTable& table, std::size_t row);

}  // namespace socle::answer
