#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "socle/base/column_facts.hpp"
#include "socle/comm/round_plan.hpp"

namespace socle::comm {

/// The endpoint of that name, if there is one.
using EndpointLookup = std::function<std::optional<std::uint32_t>(std::string_view)>;

/// Columns of a traffic matrix.
const std::vector<ColumnFacts>& traffic_columns();

/// Reads a traffic matrix: CSV of the columns `from`, `to` and `bytes`, one message a row, in the order of rows.
/// Endpoints are names, as `endpoint_named` knows them (it may be empty), or numbers from 0; a name wins over a number.
/// Sizes are "64 MB" or plain bytes; rows of zero bytes send nothing and are left out, also on the diagonal. Throws
/// InputError with every row that is wrong, the first hundred of them named: unknown endpoints, messages to oneself,
/// sizes that are negative, not finite or above 1 EB; and for a text without a message.
std::vector<Transfer> parse_traffic_csv(std::string_view text, const std::string& source, std::uint32_t endpoints,
                                        const EndpointLookup& endpoint_named);

}  // namespace socle::comm
