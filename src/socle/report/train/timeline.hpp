#pragma once

#include <string>

#include "socle/answer/train/train_case.hpp"

namespace socle::report {

/// One step as a Chrome trace (JSON), which Perfetto opens: a process per pipeline stage, with rows for compute (one
/// slice per task of the schedule, then the optimizer), exposed communication inside layers, sends, and data-parallel
/// communication. Communication of a task is drawn at its end; in truth it is spread over the task's layers.
/// Times are microseconds from the start of the step. Throws InputError where it would be more than a viewer shows.
std::string timeline_trace(const answer::TrainCase& run);

}  // namespace socle::report
