#pragma once

#include <string>

#include "socle/answer/serve/fit.hpp"
#include "socle/api/request.hpp"

namespace socle::api {

using ServeFitAnswer = Answer<answer::FitResult>;

/// What `socle serve fit` asks: what of a served model, its engine and its cache fits on a chip. `assume`: facts of
/// chips as `--assume` writes them; may be empty. Throws InputError for bad input.
ServeFitAnswer serve_fit(const catalog::Catalog& catalog, const Request& request, const std::string& assume = {});

std::string text(const ServeFitAnswer& answer);
std::string json(const ServeFitAnswer& answer);
/// It fits.
bool holds(const ServeFitAnswer& answer);

}  // namespace socle::api
