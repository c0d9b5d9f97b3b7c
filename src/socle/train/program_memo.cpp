#include "socle/train/program_memo.hpp"

#include <utility>

namespace socle::train {
namespace {

constexpr std::size_t kTasksHeld = (32u << 20) / sizeof(Task);

std::size_t tasks_of(const Program& program) {
  std::size_t count = 0;
  for (const auto& list : program.tasks) count += list.size();
  return count;
}

}  // namespace

std::shared_ptr<const Program> ProgramMemo::folded(workload::Schedule schedule, int stages, int chunks,
                                                   int microbatches, const TaskWeights& weights) {
  const Key key{schedule, stages, chunks, microbatches, weights.forward, weights.backward, weights.weight};
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = programs_.find(key); found != programs_.end()) return found->second;
    ++made_;
  }
  auto program = std::make_shared<const Program>(make_folded_program(schedule, stages, chunks, microbatches, weights));
  const std::lock_guard lock(mutex_);
  if (!programs_.emplace(key, program).second) return program;
  oldest_first_.push_back(key);
  for (tasks_ += tasks_of(*program); tasks_ > kTasksHeld; oldest_first_.pop_front()) {
    const auto oldest = programs_.find(oldest_first_.front());
    tasks_ -= tasks_of(*oldest->second);
    programs_.erase(oldest);
  }
  return program;
}

long long ProgramMemo::made() const {
  const std::lock_guard lock(mutex_);
  return made_;
}

}  // namespace socle::train
