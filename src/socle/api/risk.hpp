#pragma once

#include <string>

#include "socle/answer/risk/cuts.hpp"
#include "socle/answer/risk/operations.hpp"
#include "socle/answer/risk/risk.hpp"
#include "socle/answer/risk/serve_risk.hpp"
#include "socle/api/request.hpp"
#include "socle/base/progress.hpp"

namespace socle::api {

struct RiskAnswer : Answer<Feasible<answer::RiskResult>> {
  std::vector<answer::CutOutcome> cuts{};
};

/// What `socle risk` asks: what failures leave of a training job's time. The job is predicted as `train` does where a
/// model is named. Infeasible with the reason where no figure would mean anything, or the job fits in no layout. Throws
/// InputError for bad input, and Cancelled. `cut`: savings to weigh, such as "hot_spares=16,detect=10min@30000 USD":
/// keys of [risk] otherwise, each with what it saves behind @; several are also weighed together.
RiskAnswer risk(const catalog::Catalog& catalog, const Request& request, const answer::RiskOptions& options = {},
                Progress* progress = nullptr, const std::string& cut = {});

std::string text(const RiskAnswer& answer);
std::string json(const RiskAnswer& answer);
/// There is an answer, and the store suffices where it is stated.
bool holds(const RiskAnswer& answer);
/// Where the time goes, the days to finish, and the useful share by interval. Requires: an answer.
std::string risk_svg(const RiskAnswer& answer);

/// What is asked of a serving fleet beside its scenario, as text with units; empty takes the default.
struct ServeRiskRequest {
  std::string failures{}, zones{}, spare_nodes{}, rack_nodes{}, target{};
  std::string detect{}, reschedule{}, image{}, load{}, warm_up{};
};

using ServeRiskAnswer = Answer<Feasible<answer::ServeRiskResult>>;

/// What `socle risk serve` asks: availability of a deployment under traffic, spares, zones and the error budget. The
/// deployment is simulated as `serve` does. Throws InputError for bad input, and Cancelled.
ServeRiskAnswer serve_risk(const catalog::Catalog& catalog, const Request& request, const ServeRiskRequest& asked,
                           const std::string& assume = {}, Progress* progress = nullptr);

std::string text(const ServeRiskAnswer& answer);
std::string json(const ServeRiskAnswer& answer);
/// The fleet as asked keeps its target.
bool holds(const ServeRiskAnswer& answer);

/// What is asked of a rollout, as text with units.
struct RolloutRequest {
  std::string stages{}, bake{}, detect{}, rollback{}, visible{}, exposed{};
  std::string nodes{}, chips_per_node{}, rack_nodes{}, row_racks{}, zones{}, regions{};
  std::string units{}, at_once{}, wave{}, stop{}, deadline{};
  std::string tasks{}, task_bytes{}, store_rate{}, within{};
};

using RolloutAnswer = Answer<answer::RolloutResult>;

/// What `socle risk rollout` asks. Throws InputError with every problem.
RolloutAnswer rollout(const RolloutRequest& asked);

std::string text(const RolloutAnswer& answer);
std::string json(const RolloutAnswer& answer);
/// The plan keeps what it may expose, and an upgrade its deadline.
bool holds(const RolloutAnswer& answer);

/// The set-up on which public outages are replayed, as text with units.
struct IncidentRequest {
  std::string name{};  ///< empty: all
  std::string zones{}, regions{}, controls{}, first_stage{}, detect{}, rollback{}, lost_hour{}, target{};
};

using IncidentAnswer = Answer<answer::IncidentResult>;

/// What `socle risk incident` asks. Throws InputError with every problem.
IncidentAnswer incidents(const catalog::Catalog& catalog, const IncidentRequest& asked);

std::string text(const IncidentAnswer& answer);
std::string json(const IncidentAnswer& answer);

}  // namespace socle::api
