#pragma once

#include <string>
#include <vector>

#include "socle/answer/migrate/torch_migration.hpp"
#include "socle/api/request.hpp"
#include "socle/base/progress.hpp"

namespace socle::api {

using TorchAnswer = Answer<answer::TorchResult>;

/// PyTorch sources below `paths` on chips ("ascend-910c,ascend-950dt"). Throws InputError for bad input, no Python
/// source and chips that are not of Huawei; and Cancelled. `facts_text`: the
/// user's rows by the name of their file; an empty name: none.
TorchAnswer migrate_torch(const catalog::Catalog& catalog, const std::vector<std::string>& paths, const std::string& to,
                          Progress* progress = nullptr, const std::string& facts_name = {},
                          const std::string& facts_text = {});

std::string text(const TorchAnswer& answer);
std::string json(const TorchAnswer& answer);
/// Some target is not no-go.
bool holds(const TorchAnswer& answer);

}  // namespace socle::api
