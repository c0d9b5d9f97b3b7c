#pragma once

#include <cstdint>
#include <unordered_map>

#include "socle/workload/adapters.hpp"

namespace socle::serve {

/// Adapters that had to be copied before a step: from the host's memory, or from disk through it.
struct AdapterLoads {
  std::int64_t from_host = 0, from_disk = 0;
  std::int64_t all() const { return from_host + from_disk; }
};

/// Which adapters lie in the slots of a chip and in the host's memory. A slot is given away when no running request
/// uses its adapter, the least recently used first; the same in the host's memory, but for those in slots.
/// Source: vllm-project/vllm vllm/lora/models.py (LRUCacheLoRAModelManager) and worker_manager.py.
class AdapterCache {
 public:
  explicit AdapterCache(const workload::AdapterServing& serving) : serving_(serving) {}

  /// Could a request of the adapter run beside those that do?
  bool has_room(int adapter) const;
  /// A request of it runs. Requires: has_room.
  void use(int adapter);
  /// It does so no more.
  void release(int adapter);
  /// Adapters of running requests, each once.
  std::int64_t in_use() const { return used_; }
  /// What `use` had to copy since this was last asked.
  AdapterLoads take_loads();

 private:
  struct Entry {
    int users = 0;
    bool in_slot = false;
    std::int64_t last_use = 0;
  };
  void free_slot();
  void free_host();

  workload::AdapterServing serving_;
  std::unordered_map<int, Entry> entries_;  ///< of the host's memory and the slots; searched for one least number only
  std::int64_t used_ = 0, in_slots_ = 0, uses_ = 0;
  AdapterLoads loads_;
};

}  // namespace socle::serve
