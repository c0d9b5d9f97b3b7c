#include "socle/serve/wait_queue.hpp"

#include <algorithm>

namespace socle::serve {

const std::vector<QueueOrderEntry>& queue_orders() {
  static const std::vector<QueueOrderEntry> all = {
#define SOCLE_QUEUE(function, name, help) {name, function, help},
#include "socle/serve/queues.def"
#undef SOCLE_QUEUE
  };
  return all;
}

const QueueOrderEntry* find_queue_order(std::string_view name) {
  const auto at = std::find_if(queue_orders().begin(), queue_orders().end(),
                               [&](const QueueOrderEntry& entry) { return entry.name == name; });
  return at == queue_orders().end() ? nullptr : &*at;
}

}  // namespace socle::serve
