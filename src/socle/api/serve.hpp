#pragma once

#include <string>

#include "socle/answer/serve/emit.hpp"
#include "socle/answer/serve/fit.hpp"
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
/// One line for each request that was served. Requires: options.keep_rows.
std::string requests_csv(const ServeAnswer& answer);

}  // namespace socle::api
