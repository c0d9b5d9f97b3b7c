#pragma once

#include <optional>
#include <string>

#include "socle/answer/migrate/move_report.hpp"
#include "socle/api/request.hpp"
#include "socle/base/ranged.hpp"

namespace socle::api {

/// A training job on one place, by Socle's own models.
struct MovedJob {
  std::string layout;                 ///< "tp 8, pp 4, dp 8"
  double tokens_per_chip = 0;         ///< a second
  catalog::TimingRange range;         ///< relative
  std::optional<Seconds> run;         ///< all tokens, without failures
  std::optional<Ranged<Money>> rent;  ///< of the run, at the middle of the catalogue's quotes
  std::string rent_from;
  std::string why;  ///< why there is none; then everything else is empty
};

/// The job of a launch on a chip's nodes: as launched, or with its layout searched anew.
MovedJob job_on(const catalog::Catalog& catalog, answer::TrainingQuestion question, const std::string& place,
                bool as_launched);

/// Adds to a finding how fast the job is there, in the best layout, against today's as launched.
void add_speed(answer::Finding& finding, const MovedJob& today, const MovedJob& there);

}  // namespace socle::api
