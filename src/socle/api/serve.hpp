#pragma once

#include <string>

#include "socle/answer/serve/emit.hpp"
#include "socle/answer/serve/fit.hpp"
#include "socle/answer/serve/serve_calibrate.hpp"
#include "socle/answer/serve/serve_day.hpp"
#include "socle/answer/serve/serve_plan.hpp"
#include "socle/answer/serve/simulate.hpp"
#include "socle/api/request.hpp"
#include "socle/base/progress.hpp"

namespace socle::api {

using ServeFitAnswer = Answer<answer::FitResult>;

/// What `socle serve fit` asks: what of a served model, its engine and its cache fits on a chip. `assume`: facts of
/// chips as `--assume` writes them; may be empty. Throws InputError for bad input.
ServeFitAnswer serve_fit(const catalog::Catalog& catalog, const Request& request, const std::string& assume = {});

std::string text(const ServeFitAnswer& answer);
std::string json(const ServeFitAnswer& answer);
/// It fits.
bool holds(const ServeFitAnswer& answer);

using ServeEmitAnswer = Answer<answer::EmitResult>;

/// What `socle serve emit` asks: the launch command of a configuration for "vllm", "sglang", "trtllm" or "k8s".
/// `assume` as above. Throws InputError for bad input.
ServeEmitAnswer serve_emit(const catalog::Catalog& catalog, const Request& request, const std::string& target,
                           const std::string& assume = {});

std::string text(const ServeEmitAnswer& answer);
std::string json(const ServeEmitAnswer& answer);
/// It fits, so that something was written.
bool holds(const ServeEmitAnswer& answer);

/// The setup of a deployment that follows a day's traffic; as `serve_setup` below.
setup::ServeDaySetup serve_day_setup(const catalog::Catalog& catalog, const Request& request, const std::string& assume,
                                     std::vector<report::InputText>& inputs);

/// The setup of a deployment under traffic, and what it was made from. Requires: `request` lives as long as the setup
/// is used; its streams open files through it.
setup::ServeSimulationSetup serve_setup(const catalog::Catalog& catalog, const Request& request,
                                        const std::string& assume, std::vector<report::InputText>& inputs);

using ServeAnswer = Answer<answer::ServeResult>;

/// What `socle serve` asks: one deployment under traffic. `request.open_file` opens traces. Throws InputError for bad
/// input, and Cancelled.
ServeAnswer serve(const catalog::Catalog& catalog, const Request& request, const answer::ServeOptions& options,
                  const std::string& assume = {}, Progress* progress = nullptr);

std::string text(const ServeAnswer& answer);
std::string json(const ServeAnswer& answer);
/// The model fits, so that something was simulated.
bool holds(const ServeAnswer& answer);
/// Pictures: latency against load; requests and cache over time.
std::string load_svg(const ServeAnswer& answer);
std::string time_svg(const ServeAnswer& answer);
/// One line for each request that came. Requires: options.keep_rows.
std::string requests_csv(const ServeAnswer& answer);
/// Steps of every replica as a trace of Chrome's format. Requires: options.timeline.
std::string timeline(const ServeAnswer& answer);

/// What `socle serve plan` asks beside the scenario.
struct ServePlanRequest {
  std::string chips{};      ///< "h100-sxm,h20": candidates; empty: the scenario's
  std::string rents{};      ///< "2 USD,1 USD": of a chip and hour, one each or one for all; empty: the scenario's
  std::string formats{};    ///< "bf16,fp8": weights tried beside each other; empty: the scenario's, or as published
  std::string goal{};       ///< "chips", "price" or "power"; empty: price where rents are stated, else chips
  std::string spare{};      ///< replicas beyond those that the rate needs
  std::string stock{};      ///< "64,128": chips that there are of each candidate, which are then mixed; empty: no limit
  bool apart = false;       ///< also fleets whose prompts are computed apart
  bool own_limits = false;  ///< the engine's own limits of a step only
  unsigned threads = 0;
};

using ServePlanAnswer = Answer<answer::ServePlanResult>;

/// Throws InputError for bad input, for traffic without a rate or objectives, and Cancelled.
ServePlanAnswer serve_plan(const catalog::Catalog& catalog, const Request& request, const ServePlanRequest& plan,
                           const std::string& assume = {}, Progress* progress = nullptr);

std::string text(const ServePlanAnswer& answer);
std::string json(const ServePlanAnswer& answer);
/// Some configuration keeps the objectives.
bool holds(const ServePlanAnswer& answer);

/// What `socle serve day` asks beside its scenarios; texts that are empty say nothing.
struct ServeDayRequest {
  std::string policy{};                    ///< "forecast" (default) or "reactive"
  std::string least{}, spare{}, pool{};    ///< whole numbers: replicas, replicas, chips
  std::string image{}, load{}, warm_up{};  ///< "60 s", "2 GB/s" a node, "60 s": of a replica that starts
  std::optional<Request> idle{};           ///< a job of training for chips that are free
  std::string idle_restart{};              ///< "15 min": what it loses each time that it starts
  unsigned threads = 0;
};

using ServeDayAnswer = Answer<answer::DayResult>;

/// Replicas of one or several deployments over their day, on one pool of chips. Throws InputError for bad input, for
/// traffic without a rate or objectives, for a job that does not fit its chips, and Cancelled.
ServeDayAnswer serve_day(const catalog::Catalog& catalog, const std::vector<Request>& requests,
                         const ServeDayRequest& day, const std::string& assume = {}, Progress* progress = nullptr);

std::string text(const ServeDayAnswer& answer);
std::string json(const ServeDayAnswer& answer);
/// Every model fits and carries some load.
bool holds(const ServeDayAnswer& answer);
/// Chips over the day.
std::string day_svg(const ServeDayAnswer& answer);

/// A file of results: its name and its text.
struct BenchFile {
  std::string name, text;
};

using ServeCalibrateAnswer = Answer<answer::ServeCalibration>;

/// Fits an engine on results of load generators of one deployment. Throws InputError for bad input, and Cancelled.
ServeCalibrateAnswer serve_calibrate(const catalog::Catalog& catalog, const Request& request,
                                     const std::vector<BenchFile>& logs, Progress* progress = nullptr);

std::string text(const ServeCalibrateAnswer& answer);
std::string json(const ServeCalibrateAnswer& answer);

}  // namespace socle::api
