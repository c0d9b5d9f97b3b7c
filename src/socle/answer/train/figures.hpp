#pragma once

#include "socle/answer/train/train_result.hpp"

namespace socle::answer {

/// The figures of a case: step, throughput, utilisation, run, energy, price.
TrainFigures train_figures(const TrainCase& run);

}  // namespace socle::answer
