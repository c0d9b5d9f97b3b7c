#pragma once

#include <string>

#include "socle/answer/serve/simulate.hpp"

namespace socle::report {

/// "12.35", "12,345".
std::string milliseconds(Seconds time);
/// "TTFT 1 s, TPOT 40 ms"; empty where nothing is limited.
std::string objective_words(const answer::Objectives& objectives);
/// A line for each class of requests; empty where all are alike.
std::string class_table(const answer::ServeResult& result);

}  // namespace socle::report
