#pragma once

#include <optional>
#include <string>
#include <vector>

#include "socle/answer/train/train_result.hpp"
#include "socle/setup/risk_setup.hpp"

namespace socle::answer {

/// What the risk of a job needs to know of the job.
struct JobFacts {
  std::string name;  ///< "Llama 3.1 405B", empty for none
  Seconds run;       ///< useful work
  std::optional<Seconds> step;
  Bytes checkpoint;
  std::int64_t replicas = 1;  ///< data-parallel
  Bytes replica_weights{};    ///< that each replica reads; zero: not known
  std::optional<TokensPerSecond> throughput;
  std::optional<Tokens> tokens;
  std::vector<std::string> assumptions;
};

/// Of a predicted job. Throws InputError when neither tokens nor run say how long it is.
JobFacts job_facts(const TrainResult& result, const scenario::RiskSection& risk, const std::string& source);

/// Of a job that the scenario states itself. Throws InputError when run or checkpoint_bytes are missing.
JobFacts stated_job(const scenario::RiskSection& risk, const std::string& source);

}  // namespace socle::answer
