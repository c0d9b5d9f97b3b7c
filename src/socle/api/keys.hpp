#pragma once

#include <vector>

#include "socle/scenario/scenario.hpp"

namespace socle::api {

/// Every key of a scenario, in the order of sections: what flags, help, completion and reference are made of.
const std::vector<scenario::KeyFacts>& key_facts();

/// Does the text of --input or --output name a file?
using workload::names_length_file;

}  // namespace socle::api
