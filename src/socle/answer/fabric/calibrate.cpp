#include "socle/answer/fabric/calibrate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>
#include <tuple>

#include <fmt/format.h>

#include "socle/answer/validate/predict_collective.hpp"
#include "socle/base/error.hpp"
#include "socle/base/unit_text.hpp"
#include "socle/comm/nccl_log.hpp"
#include "socle/setup/chip_spelling.hpp"

namespace socle::answer {
namespace {

using kernel::CollectivePoint;

struct Name {
  std::string_view program, title;
  CollectiveKind kind;
};
constexpr std::array<Name, 6> kNames = {{{"all_reduce", "all-reduce", CollectiveKind::kAllReduce},
                                         {"all_gather", "all-gather", CollectiveKind::kAllGather},
                                         {"reduce_scatter", "reduce-scatter", CollectiveKind::kReduceScatter},
                                         {"alltoall", "all-to-all", CollectiveKind::kAllToAll},
                                         {"broadcast", "broadcast", CollectiveKind::kBroadcast},
                                         {"sendrecv", "send-receive", CollectiveKind::kSendReceive}}};

[[noreturn]] void refuse(const std::string& file, int line, const std::string& message) {
  throw InputError(Problem{file, line, line > 0 ? 1 : 0, {}, message});
}

std::optional<Name> name_of(std::string_view program) {
  const auto found = std::find_if(kNames.begin(), kNames.end(),
                                  [&](const Name& name) { return name.program == program || name.title == program; });
  return found == kNames.end() ? std::nullopt : std::optional<Name>(*found);
}

// nccl-tests prints both time and bandwidth, so a wrong collective or number of ranks shows. 5 % and 0.05 GB/s: both
// columns are rounded.
void check_bandwidths(const Sweep& sweep, const comm::NcclRun& run, const std::string& file) {
  for (const comm::NcclPoint& p : run.points) {
    const double expected = collective_bus_factor(sweep.kind, sweep.ranks) * (p.buffer / p.time).value() / 1e9;
    if (std::fabs(expected - p.bus_gb_s) <= 0.05 * expected + 0.05) continue;
    refuse(file, p.line,
           fmt::format(
               "{} of {} ranks: {} in {} is {:.2f} GB/s of bus bandwidth, not {:.2f}; correct --collective or --gpus",
               sweep.title, sweep.ranks, format_bytes(p.buffer), format_seconds(p.time), expected, p.bus_gb_s));
  }
}

// Which sweep a run belongs to, without its points; empty, after a remark, when Socle has no such collective.
std::optional<Sweep> sweep_of(const comm::NcclRun& run, const CalibrateQuestion& request, const std::string& file,
                              std::vector<std::string>& remarks) {
  const std::string program = request.collective.empty() ? run.collective : request.collective;
  if (program.empty())
    refuse(file, run.line, "nothing says which collective this is; name it: --collective all_reduce");
  const auto name = name_of(program);
  if (!name && !request.collective.empty())
    refuse(
        {}, 0,
        fmt::format(
            "--collective '{}' is unknown; use all_reduce, all_gather, reduce_scatter, alltoall, broadcast or sendrecv",
            program));
  if (!name) {
    remarks.push_back(fmt::format("{}:{}: {} left out: Socle has no model of it", file, run.line, program));
    return std::nullopt;
  }
  Sweep sweep{.title = name->title,
              .kind = name->kind,
              .ranks = request.ranks > 0 ? request.ranks : run.ranks,
              .nodes = request.nodes > 0 ? request.nodes : run.nodes,
              .points = {},
              .line = {},
              .error = {}};
  if (sweep.nodes == 0 && request.ranks > 0) sweep.nodes = 1;
  if (sweep.ranks < 2 || sweep.nodes < 1)
    refuse(file, run.line, "no 'Rank' lines say how many gpus took part, or it was one; give --gpus N --nodes M");
  if (sweep.ranks % sweep.nodes != 0)
    refuse(file, run.line,
           fmt::format("{} gpus do not divide over {} nodes; use the same number on each", sweep.ranks, sweep.nodes));
  return sweep;
}

void fit(Sweep& sweep) {
  const auto [least, most] = std::minmax_element(sweep.points.begin(), sweep.points.end(),
                                                 [](const auto& a, const auto& b) { return a.buffer < b.buffer; });
  if (!(least->buffer < most->buffer)) {
    refuse({}, 0,
           fmt::format("{} of {} ranks was measured at one size only; sweep sizes, e.g. -b 1K -e 8G -f 2", sweep.title,
                       sweep.ranks));
  }
  sweep.line = kernel::fit_line(sweep.points);
  for (std::size_t i = 0; i < sweep.error.size(); ++i) {
    double sum = 0, count = 0;
    for (const CollectivePoint& p : sweep.points) {
      if (p.buffer.value() < kSizeClassBounds[i] || p.buffer.value() >= kSizeClassBounds[i + 1]) continue;
      sum += std::fabs(sweep.line.at(p.buffer) / p.time - 1.0);
      ++count;
    }
    if (count > 0) sweep.error[i] = sum / count;
  }
}

void read_logs(const catalog::Catalog& catalog, const CalibrateQuestion& request, CalibrateResult& measured) {
  std::map<std::tuple<CollectiveKind, int, int>, Sweep> sweeps;
  for (const FabricLog& log : request.logs) {
    for (const comm::NcclRun& run : comm::parse_nccl_log(log.text, log.name)) {
      const auto sweep = sweep_of(run, request, log.name, measured.remarks);
      if (!sweep) continue;
      const std::string device = request.gpu.empty() ? run.device : request.gpu;
      const std::string chip = setup::chip_of_spelling(catalog, device);
      if (chip.empty())
        refuse(log.name, run.line,
               device.empty() ? "no 'Rank' line names the device; give --gpu CHIP"
                              : fmt::format("device '{}' is not in the catalogue; give --gpu CHIP", device));
      if (!measured.chip.empty() && chip != measured.chip)
        refuse(log.name, run.line,
               fmt::format("this log is of {}, those before of {}; calibrate one chip at a time", chip, measured.chip));
      measured.chip = chip;
      check_bandwidths(*sweep, run, log.name);
      Sweep& all = sweeps.try_emplace({sweep->kind, sweep->ranks, sweep->nodes}, *sweep).first->second;
      for (const comm::NcclPoint& p : run.points) all.points.push_back({p.buffer, p.time});
    }
  }
  for (auto& [key, sweep] : sweeps) {
    fit(sweep);
    measured.sweeps.push_back(std::move(sweep));
  }
  if (measured.sweeps.empty())
    refuse({}, 0,
           "no log holds a collective that Socle models: all_reduce, all_gather, reduce_scatter, alltoall, broadcast, "
           "sendrecv");
}

// What leaves one chip's NICs over the buffer, on the plans of docs/design/communication.md; empty where trees or
// switches may act.
std::optional<double> nic_share(const Sweep& s) {
  const double members = s.ranks / s.nodes;
  const double n = s.ranks;
  switch (s.kind) {
    case CollectiveKind::kAllGather:
    case CollectiveKind::kReduceScatter:
      return (n - 1) / n / members;
    case CollectiveKind::kBroadcast:
    case CollectiveKind::kReduce:
      return 1.0 / members;
    case CollectiveKind::kSendReceive:
      return 1.0;
    case CollectiveKind::kAllToAll:
      return (n - members) / n;
    case CollectiveKind::kAllReduce:
      return s.nodes > 3 ? std::optional<double>(2.0 * (n - 1) / n / members) : std::nullopt;
    case CollectiveKind::kExpertExchange:
    case CollectiveKind::kExpertLowLatency:
      break;
  }
  return std::nullopt;
}

std::optional<BytesPerSecond> nic_rate(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const Parsed<BytesPerSecond> rate = parse_unit_text<BytesPerSecond>(text);
  if (rate.value && rate.value->value() > 0) return rate.value;
  refuse({}, 0, fmt::format("--nic {}: {}", text, rate.value ? "a NIC is faster than nothing" : rate.problem));
}

kernel::CollectiveFile file_of(const CalibrateResult& measured, const CalibrateQuestion& request,
                               std::vector<std::string>& remarks) {
  const std::optional<BytesPerSecond> nic = nic_rate(request.nic);
  kernel::CollectiveFile file;
  file.chip = measured.chip;
  for (const FabricLog& log : request.logs)
    file.source += (file.source.empty() ? "nccl-tests: " : ", ") + log.name.substr(log.name.find_last_of('/') + 1);
  for (const Sweep& s : measured.sweeps) {
    if (s.nodes > 1 && s.kind == CollectiveKind::kSendReceive) file.nic_latency = s.line.start;
    const auto share = s.nodes > 1 && nic ? nic_share(s) : std::nullopt;
    if (share) {
      const double fraction = *share * (s.line.rate / *nic);
      if (fraction > 1.02) {
        refuse(
            {}, 0,
            fmt::format(
                "{} of {} ranks on {} nodes sends {} through each chip's NIC, more than --nic {}; correct --nic",
                s.title, s.ranks, s.nodes, format_bits_per_second(*share * s.line.rate), format_bits_per_second(*nic)));
      }
      file.nic_fraction = std::max(file.nic_fraction.value_or(0.01), std::min(1.0, fraction));
    }
    if (s.kind > CollectiveKind::kAllToAll) {
      remarks.push_back(fmt::format(
          "{} is fitted but not laid over the catalogue, which derives it from all-gather or all-to-all", s.title));
      continue;
    }
    const auto collective = static_cast<kernel::Collective>(s.kind);
    kernel::CollectiveCurve curve = kernel::curve_of(collective, s.ranks, s.points);
    if (s.nodes > 1)
      file.across.push_back({std::move(curve), s.nodes});
    else
      file.curves.push_back(std::move(curve));
  }
  const bool across =
      std::any_of(measured.sweeps.begin(), measured.sweeps.end(), [](const Sweep& s) { return s.nodes > 1; });
  if (across && !nic)
    remarks.push_back("without --nic RATE the share of line rate between nodes stays that of the catalogue");
  return file;
}

}  // namespace

double Sweep::bus_gb_s() const { return collective_bus_factor(kind, ranks) * line.rate.value() / 1e9; }

std::string CalibrateResult::overlay_text() const {
  const bool any = !curves.curves.empty() || !curves.across.empty() || curves.nic_fraction || curves.nic_latency;
  return any ? kernel::write_collective_file(curves) : std::string();
}

CalibrateResult calibrate_fabric(const catalog::Catalog& catalog, const CalibrateQuestion& question) {
  if (question.logs.empty()) refuse({}, 0, "name one or more logs of nccl-tests: socle fabric calibrate LOG...");
  CalibrateResult result;
  result.nic = question.nic;
  read_logs(catalog, question, result);
  std::vector<std::string> remarks = std::move(result.remarks);
  result.curves = file_of(result, question, remarks);
  result.remarks = std::move(remarks);
  return result;
}

}  // namespace socle::answer
