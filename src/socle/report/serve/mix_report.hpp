#pragma once

#include <string>
#include <vector>

#include "socle/answer/serve/chip_mix.hpp"
#include "socle/base/json.hpp"
#include "socle/report/provenance.hpp"

namespace socle::report {

/// For people: at most 100 columns.
std::string chip_mix_text(const answer::ChipMixResult& result);
/// Schema `socle.serve.mix/1`.
Json chip_mix_json(const answer::ChipMixResult& result, const std::vector<InputText>& inputs);

}  // namespace socle::report
