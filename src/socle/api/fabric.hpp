#pragma once

#include <string>
#include <variant>

#include "socle/answer/fabric/calibrate.hpp"
#include "socle/answer/fabric/design.hpp"
#include "socle/answer/fabric/simulate.hpp"
#include "socle/api/request.hpp"
#include "socle/api/train.hpp"

namespace socle::api {

using DesignAnswer = Answer<answer::DesignResult>;

/// What `socle fabric design` asks: every sensible fabric for a scenario's hosts, with price, power, failures and, when
/// a model is named, the step time of its training on each. Throws InputError for bad input, and Cancelled.
DesignAnswer design_fabric(const catalog::Catalog& catalog, const Request& request,
                           const answer::DesignOptions& options = {}, Progress* progress = nullptr);

std::string text(const DesignAnswer& answer);
std::string json(const DesignAnswer& answer);

/// Files that are wanted beside the answer of a simulation; they are refused before anything is computed when there is
/// nothing to write into them.
struct SimulateFiles {
  bool flows = false, links = false, trace = false, picture = false, chart = false;
};

using SimulateAnswer = Answer<answer::SimulateResult>;
/// One exchange on one fabric, or a whole training step when that is the traffic.
using FabricAnswer = std::variant<SimulateAnswer, TrainAnswer>;

/// What `socle fabric simulate` asks. Throws InputError for bad input, and Cancelled.
FabricAnswer simulate_fabric(const catalog::Catalog& catalog, const Request& request, const SimulateFiles& files = {},
                             const answer::SimulateOptions& options = {}, Progress* progress = nullptr);

std::string text(const FabricAnswer& answer);
std::string json(const FabricAnswer& answer);
/// Every message arrived, or the step's layout holds.
bool holds(const FabricAnswer& answer);

std::string flows_csv(const SimulateAnswer& answer);
std::string links_csv(const SimulateAnswer& answer);
std::string flows_trace(const SimulateAnswer& answer);
std::string network_svg(const SimulateAnswer& answer);
std::string sizes_svg(const SimulateAnswer& answer);

using CalibrateAnswer = Answer<answer::CalibrateResult>;

/// What `socle fabric calibrate` asks: start, bandwidth and half-size of each collective in a user's own nccl-tests
/// logs, and the curves as a file of the catalogue. Throws InputError for bad logs and options.
CalibrateAnswer calibrate_fabric(const catalog::Catalog& catalog, const answer::CalibrateQuestion& question);

std::string text(const CalibrateAnswer& answer);
std::string json(const CalibrateAnswer& answer);

}  // namespace socle::api
