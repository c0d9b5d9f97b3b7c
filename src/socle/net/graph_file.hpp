#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "socle/base/column_facts.hpp"
#include "socle/net/topologies/graph.hpp"

namespace socle::net {

/// Columns of a user's network as CSV; keys of a [[cable]] in TOML are the same, without the kinds.
const std::vector<ColumnFacts>& cable_columns();

/// Reads a user's network, one cable a row: columns `from` and `to` (names of nodes), `bandwidth` ("400 Gb/s", per
/// direction), `latency` ("1 us", one traversal), and if wanted `count` (parallel cables), `from_kind` and `to_kind`
/// (endpoint or switch). What no kind says is guessed: nodes of one cable are endpoints, the others switches; the graph
/// knows how many endpoints are guesses.
/// Endpoints come first, then switches, each in the order in which they first appear. Throws InputError with all
/// problems: cables that cannot be, nodes of two kinds, endpoints that cannot reach each other (they do not forward),
/// switches that no endpoint reaches, more than a graph can hold, and what is no CSV.
GraphSpec parse_graph_csv(std::string_view text, const std::string& source);

/// The same without guesses: what no kind says is an endpoint if one of `patterns` is its name ("h*" = h and any
/// characters), else a switch. A pattern that names no node is a problem. Requires: some patterns.
GraphSpec parse_graph_csv_by_names(std::string_view text, const std::string& source,
                                   const std::vector<std::string>& patterns);

/// The same from TOML: `endpoints = ["a", ...]` in their order, `[[cable]]` with from, to, bandwidth, latency and, if
/// wanted, count; every other node is a switch. With `switches = [...]` a name in neither list is a problem.
GraphSpec parse_graph_toml(std::string_view text, const std::string& source);

}  // namespace socle::net
