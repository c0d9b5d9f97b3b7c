#include "socle/answer/validate/collective_case.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "socle/base/error.hpp"
#include "socle/base/lower_case.hpp"
#include "socle/base/utf8.hpp"
#include "socle/setup/chip_spelling.hpp"

namespace socle::answer {
namespace {

struct KindName {
  std::string_view name;
  CollectiveKind kind;
};
// Names without separators: "all_reduce", "AllReduce" and "all-reduce" are one.
constexpr std::array<KindName, 9> kNames = {{{"allreduce", CollectiveKind::kAllReduce},
                                             {"allgather", CollectiveKind::kAllGather},
                                             {"reducescatter", CollectiveKind::kReduceScatter},
                                             {"alltoall", CollectiveKind::kAllToAll},
                                             {"broadcast", CollectiveKind::kBroadcast},
                                             {"reduce", CollectiveKind::kReduce},
                                             {"sendrecv", CollectiveKind::kSendReceive},
                                             {"sendreceive", CollectiveKind::kSendReceive},
                                             {"p2p", CollectiveKind::kSendReceive}}};

// Words by which a source says that its fabric was not healthy or not of a known speed.
constexpr std::array<std::string_view, 6> kFaults = {"is slow",   "slow link",     "degraded",
                                                     "unhealthy", "misconfigured", "throttled"};

class Row {
 public:
  Row(const CsvTable& table, std::size_t row) : table_(table), row_(row) {}
  const std::string& text(const char* column) const { return table_.cell(row_, column); }
  [[noreturn]] void refuse(const char* column, const std::string& remedy) const {
    const int place = static_cast<int>(table_.column(column).value_or(0)) + 1;
    throw InputError(Problem{table_.source(), table_.line(row_), place, column,
                             fmt::format("{} = '{}'; {}", column, printable(text(column)), remedy)});
  }
  // A positive figure, or nothing where the cell is empty.
  std::optional<double> positive(const char* column, double most) const {
    if (!table_.column(column)) return std::nullopt;
    std::optional<double> value;
    try {
      value = table_.number(row_, column);
    } catch (const InputError&) {  // said again below, with the column and the limits
      refuse(column, fmt::format("write a number above 0 and at most {:g}, or leave it empty", most));
    }
    if (value && !(*value > 0 && *value <= most))
      refuse(column, fmt::format("write a number above 0 and at most {:g}, or leave it empty", most));
    return value;
  }
  // 0 where the cell is empty.
  int count(const char* column) const {
    const double value = positive(column, 1e7).value_or(0);
    if (value != std::floor(value)) refuse(column, "write a whole number from 1 to 10000000");
    return static_cast<int>(value);
  }
  // A measured figure; one that its source rounded to zero says nothing.
  std::optional<double> measured(const char* column, double most) const {
    return text(column).find_first_not_of("0.") == std::string::npos ? std::nullopt : positive(column, most);
  }

 private:
  const CsvTable& table_;
  std::size_t row_;
};

std::optional<CollectiveKind> kind_of(std::string_view text) {
  std::string plain;
  for (const char c : lower_case(text)) {
    if (c != '_' && c != '-' && c != ' ') plain += c;
  }
  for (const KindName& name : kNames) {
    if (name.name == plain) return name.kind;
  }
  if (!plain.starts_with("moedispatch") && !plain.starts_with("moecombine")) return std::nullopt;
  return plain.ends_with("lowlat") ? CollectiveKind::kExpertLowLatency : CollectiveKind::kExpertExchange;
}

// Ranks of several nodes share a domain where the chip's domain holds them and nothing says that a NIC fabric joins
// them.
bool one_domain(const CollectiveCase& c, const catalog::Chip& chip, const std::string& inter_fabric) {
  if (c.nodes == 1) return true;
  const bool nvlink = inter_fabric.empty() || lower_case(inter_fabric).find("nvl") != std::string::npos;
  return nvlink && chip.scale_up_domain.value_or(1) >= c.ranks && c.ranks / c.nodes < chip.scale_up_domain.value_or(1);
}

void decide_support(const catalog::Catalog& catalog, const Row& row, CollectiveCase& c) {
  if (c.collective.find("efficiency_ratio") != std::string::npos) {
    c.unsupported = "a share of a peak that the source does not state, of a chip it does not name";
    return;
  }
  const auto kind = kind_of(c.collective);
  if (!kind) {
    c.unsupported = fmt::format("no model of the collective '{}'", printable(c.collective));
    return;
  }
  c.kind = *kind;
  c.chip = setup::chip_of_spelling(catalog, row.text("gpu"));
  if (c.chip.empty()) {
    c.unsupported = fmt::format("gpu '{}' is not in the catalogue; add chips/NAME.toml under --catalog DIR",
                                printable(row.text("gpu")));
    return;
  }
  if (c.ranks == 0 || c.nodes == 0) {
    c.unsupported = "gpus or nodes not stated";
    return;
  }
  if (c.ranks % c.nodes != 0) c.unsupported = "gpus is not a multiple of nodes";
  if (c.ranks == 1) c.unsupported = "one gpu has nobody to talk to";
  const std::string words = lower_case(row.text("inter_fabric") + " " + row.text("notes"));
  for (const std::string_view fault : kFaults) {
    if (c.nodes > 1 && words.find(fault) != std::string::npos) {
      c.unsupported = fmt::format("the source calls its fabric '{}': a healthy one would be predicted", fault);
    }
  }
  if (!c.unsupported.empty()) return;
  c.one_domain = one_domain(c, catalog.chip(c.chip), row.text("inter_fabric"));
}

}  // namespace

CollectiveCase read_collective_case(const catalog::Catalog& catalog, const CsvTable& table, std::size_t index) {
  const Row row(table, index);
  CollectiveCase c;
  c.id = row.text("id").empty() ? fmt::format("line-{}", table.line(index)) : row.text("id");
  c.source = row.text("source");
  c.collective = row.text("collective");
  if (c.collective.empty())
    row.refuse("collective", "name it, e.g. all_reduce, all_gather, reduce_scatter, alltoall, broadcast, sendrecv");
  if (row.text("gpu").empty()) row.refuse("gpu", "name the chip, e.g. H100");
  c.ranks = row.count("gpus");
  c.nodes = row.count("nodes");
  if (c.ranks > 0 && c.nodes > c.ranks)
    row.refuse("nodes", fmt::format("there cannot be more nodes than the {} gpus", c.ranks));
  const auto bytes = row.positive("bytes", 1e15);
  if (const auto gbit = row.positive("nic_gbps_per_gpu", 1e6)) c.nic_per_chip = BytesPerSecond{*gbit * 1e9 / 8};
  c.time_us = row.measured("time_us", 1e12);
  c.busbw_gb_s = row.measured("busbw_gbs", 1e9);
  c.fabric_words = row.text("inter_fabric") + " " + row.text("notes");
  c.grouped_routing = row.text("notes").find("groups") != std::string::npos;
  c.buffer = Bytes{bytes.value_or(0)};
  decide_support(catalog, row, c);
  if (!bytes && c.unsupported.empty()) {
    // A rate without a size is that of a large buffer: nccl-tests' usual last line.
    if (c.time_us) row.refuse("bytes", "a time needs the buffer's bytes");
    c.buffer = Bytes{8589934592.0};
  }
  return c;
}

}  // namespace socle::answer
