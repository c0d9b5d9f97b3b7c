#include "socle/answer/risk/storage_need.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "socle/base/unit_text.hpp"

namespace socle::answer {
namespace {

constexpr double kTokenBytes = 4;
constexpr std::int64_t kKeep = 3;

}  // namespace

bool StorageNeed::suffices() const {
  return std::all_of(demands.begin(), demands.end(),
                     [](const StorageDemand& demand) { return demand.enough.value_or(true); });
}

StorageNeed storage_need(const setup::RiskSetup& setup, const JobFacts& facts, const RiskJob& job,
                         const reliability::Goodput& goodput) {
  const scenario::RiskSection& risk = setup.risk;
  StorageNeed need;
  const double token = risk.token_bytes.value_or(kTokenBytes);
  if (facts.throughput) need.samples = BytesPerSecond{facts.throughput->value() * token};
  if (risk.dataset)
    need.dataset = *risk.dataset;
  else if (facts.tokens)
    need.dataset = Bytes{facts.tokens->value() * token};
  if (facts.throughput && !risk.token_bytes && !risk.dataset)
    need.assumptions.push_back(fmt::format(
        "Training reads {} bytes for each token; images, sound and film need more (--token-bytes).", kTokenBytes));
  need.kept = facts.checkpoint * static_cast<double>(risk.keep.value_or(kKeep));
  if (!risk.keep) need.assumptions.push_back(fmt::format("{} checkpoints are kept (--keep).", kKeep));
  const Seconds window = goodput.interval + job.job.checkpoints.blocking;
  need.write = window > Seconds{} ? facts.checkpoint / window : BytesPerSecond{};
  need.restore_once = facts.checkpoint / job.storage.read;
  const Bytes all = facts.checkpoint + facts.replica_weights * static_cast<double>(facts.replicas - 1);
  need.restore_all = all / job.storage.read;

  const auto rate = [&](const char* what, BytesPerSecond needed, BytesPerSecond have, bool stated) {
    if (!(needed > BytesPerSecond{})) return;
    need.demands.push_back({what, format_bytes_per_second(needed),
                            format_bytes_per_second(have) + (stated ? "" : " assumed"),
                            stated ? std::optional<bool>(needed <= have) : std::nullopt, needed.value(), have.value()});
  };
  rate("read samples", need.samples, job.storage.read, job.storage.read_stated);
  rate("write a checkpoint before the next", need.write, job.storage.write, job.storage.write_stated);
  const Bytes held = (need.dataset + need.kept) / kUsableCapacity;
  StorageDemand capacity{"hold dataset and checkpoints",
                         format_bytes(held),
                         risk.storage_capacity ? format_bytes(*risk.storage_capacity) : std::string("not stated"),
                         std::nullopt,
                         held.value(),
                         std::nullopt};
  if (risk.storage_capacity) {
    capacity.enough = held <= *risk.storage_capacity;
    capacity.have_value = risk.storage_capacity->value();
  }
  need.demands.push_back(std::move(capacity));
  return need;
}

}  // namespace socle::answer
