#pragma once

#include "socle/answer/risk/job_facts.hpp"
#include "socle/reliability/job.hpp"

namespace socle::answer {

/// Bandwidths of the store, as stated or assumed.
struct StorageFacts {
  BytesPerSecond write{}, read{};
  bool write_stated = false, read_stated = false;
};

/// A job ready for `reliability/`, with what was filled in.
struct RiskJob {
  reliability::Job job;
  scenario::CheckpointKind kind = scenario::CheckpointKind::kAsync;
  StorageFacts storage;
  Seconds write_time;  ///< of one checkpoint at the store's bandwidth
  std::vector<std::string> assumptions, doubts;
};

/// Every default is said. Throws InputError for an elastic job without replicas.
RiskJob risk_job(const setup::RiskSetup& setup, const JobFacts& facts, const std::string& source);

}  // namespace socle::answer
