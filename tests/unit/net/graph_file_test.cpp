#include "socle/net/graph_file.hpp"

#include <gtest/gtest.h>

#include "socle/base/error.hpp"

namespace socle::net {
namespace {

const std::string kHeader = "from,to,bandwidth,latency\n";

template <typename Read>
std::string error_of(Read read, std::string_view text) {
  try {
    read(text, "net");
  } catch (const InputError& error) { return error.what(); }
  return {};
}

std::string csv_error(std::string_view rows) { return error_of(parse_graph_csv, kHeader + std::string(rows)); }
std::string toml_error(std::string_view text) { return error_of(parse_graph_toml, text); }

void expect_has(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
}

TEST(GraphFile, NodesOfOneCableAreEndpointsAndComeFirst) {
  const GraphSpec spec =
      parse_graph_csv(kHeader + "leaf,spine,800 Gb/s,2 us\nleaf,b,400 Gb/s,1 us\na,spine,400 Gb/s,1 us\n", "net");
  EXPECT_EQ(spec.nodes, (std::vector<std::string>{"b", "a", "leaf", "spine"}));
  EXPECT_EQ(spec.endpoints, 2u);
  ASSERT_EQ(spec.cables.size(), 3u);
  EXPECT_EQ(spec.cables[0].a, 2u);
  EXPECT_EQ(spec.cables[0].b, 3u);
  EXPECT_EQ(spec.cables[0].bandwidth, BytesPerSecond{100e9});
  EXPECT_DOUBLE_EQ(spec.cables[1].latency.value(), 1e-6);
}

// A host on two planes has two cables; its kind says that it is an endpoint.
TEST(GraphFile, KindsOverruleTheCountOfCables) {
  const std::string text =
      "from,to,bandwidth,latency,count,from_kind,to_kind\nh0,p0,1 Gb/s,1 us,,endpoint,\nh0,p1,1 Gb/s,1 us,,,\nh1,p0,1 "
      "Gb/s,1 us,3,endpoint,switch\n"
      "h1,p1,1 Gb/s,1 us,,,\nspur,p1,1 Gb/s,1 us,,switch,\n";
  const GraphSpec spec = parse_graph_csv(text, "net");
  EXPECT_EQ(spec.nodes, (std::vector<std::string>{"h0", "h1", "p0", "p1", "spur"}));
  EXPECT_EQ(spec.endpoints, 2u);
  EXPECT_EQ(spec.cables.size(), 7u);
  const Graph graph(spec);
  EXPECT_TRUE(graph.reachable(0, 1));
}

// Three lines, and the spine has one cable like a host: without a word it is a guess, by names or kinds it is none.
TEST(GraphFile, EndpointsAreSaidOrKnownToBeGuessed) {
  const std::string text = kHeader + "h0,leaf,1 Gb/s,1 us\nh1,leaf,1 Gb/s,1 us\nleaf,spine,1 Gb/s,1 us\n";
  const GraphSpec guessed = parse_graph_csv(text, "net");
  EXPECT_EQ(guessed.endpoints, 3u);
  EXPECT_EQ(guessed.guessed_endpoints, 3u);
  for (const std::vector<std::string>& patterns :
       {std::vector<std::string>{"h*"}, {"h0", "*1"}, {"h?*", "h*0", "h1"}}) {
    if (patterns.front() == "h?*") {
      EXPECT_THROW(parse_graph_csv_by_names(text, "net", patterns), InputError);  // only * is a pattern
      continue;
    }
    const GraphSpec said = parse_graph_csv_by_names(text, "net", patterns);
    EXPECT_EQ(said.endpoints, 2u);
    EXPECT_EQ(said.guessed_endpoints, 0u);
    EXPECT_EQ(said.nodes, (std::vector<std::string>{"h0", "h1", "leaf", "spine"}));
  }
}

TEST(GraphFile, TomlAndCsvOfOneNetworkAreEqual) {
  const GraphSpec csv =
      parse_graph_csv("from,to,bandwidth,latency,count\nx,s,400 Gb/s,1 us,1\ny,s,400 Gb/s,1 us,1\n", "net");
  const GraphSpec toml = parse_graph_toml(
      "endpoints = [\"x\", \"y\"]\n[[cable]]\nfrom = \"x\"\nto = \"s\"\nbandwidth = \"400 Gb/s\"\nlatency = \"1 us\"\n"
      "[[cable]]\nfrom = \"y\"\nto = \"s\"\nbandwidth = \"400 Gb/s\"\nlatency = \"1 us\"\ncount = 1\n",
      "net");
  EXPECT_EQ(csv.nodes, toml.nodes);
  EXPECT_EQ(csv.endpoints, toml.endpoints);
  ASSERT_EQ(csv.cables.size(), toml.cables.size());
  for (std::size_t i = 0; i < csv.cables.size(); ++i) EXPECT_EQ(csv.cables[i].a, toml.cables[i].a);
}

TEST(GraphFile, EveryWrongCableIsNamedWithItsLine) {
  const std::string error = csv_error(
      "a,a,1 Gb/s,1 us\na,s,0 Gb/s,1 us\na,s,-1 Gb/s,1 us\na,s,nan,1 us\na,s,5 furlongs,1 us\na,s,1 Gb/s,-1 us\na,s,1 "
      "Gb/s,inf s\na,s,1 Gb/s\n,s,1 Gb/s,1 us\na,s,1 Gb/s,60 s\n");
  for (int line = 2; line <= 11; ++line) expect_has(error, "net:" + std::to_string(line) + ":");
}

TEST(GraphFile, CountsAndKindsAreChecked) {
  const std::string error =
      error_of(parse_graph_csv,
               "from,to,bandwidth,latency,count,from_kind,to_kind\na,s,1 Gb/s,1 us,0,,\na,s,1 Gb/s,1 us,1.5,,\nb,s,1 "
               "Gb/s,1 us,1,router,\nc,s,1 Gb/s,1 us,,endpoint,\ns,c,1 Gb/s,1 us,1,,switch\n");
  expect_has(error, "net:2: count");
  expect_has(error, "net:3: count");
  expect_has(error, "net:4: from_kind = \"router\"");
  expect_has(error, "net:6: \"c\" is called switch here and endpoint on line 5");
  expect_has(error_of(parse_graph_csv, "from,to,bandwith,latency\n"),
             "column \"bandwidth\" is missing; did you mean \"bandwith\"");
  expect_has(error_of(parse_graph_csv, "from,to,bandwidth,latency,lenght\na,b,1 Gb/s,1 us,3\n"),
             "unknown column \"lenght\"");
}

TEST(GraphFile, EndpointsMustReachEachOtherThroughSwitches) {
  expect_has(csv_error("a,s,1 Gb/s,1 us\nb,s,1 Gb/s,1 us\nc,t,1 Gb/s,1 us\nd,t,1 Gb/s,1 us\n"),
             "net:4: endpoints \"a\" and \"c\" are not connected (2 of 4");
  // a - s - both - t - b, and `both` is an endpoint: it does not forward.
  expect_has(error_of(parse_graph_csv,
                      "from,to,bandwidth,latency,to_kind\na,s,1 Gb/s,1 us,switch\ns,both,1 Gb/s,1 "
                      "us,endpoint\nt,both,1 Gb/s,1 us,\nb,t,1 Gb/s,1 us,switch\n"),
             "endpoints do not forward");
  expect_has(csv_error("a,s,1 Gb/s,1 us\nb,s,1 Gb/s,1 us\nx,y,1 Gb/s,1 us\ny,z,1 Gb/s,1 us\nz,x,1 Gb/s,1 us\n"),
             "net:4: no endpoint reaches switch \"x\"");
}

TEST(GraphFile, TwoHostsMayBeCabledToEachOther) {
  EXPECT_EQ(parse_graph_csv(kHeader + "a,b,1 Gb/s,1 us\n", "net").endpoints, 2u);
}

TEST(GraphFile, TrafficNeedsTwoEndpoints) {
  expect_has(csv_error("x,y,1 Gb/s,1 us\ny,z,1 Gb/s,1 us\nz,x,1 Gb/s,1 us\n"), "no node is an endpoint");
  expect_has(csv_error("x,y,1 Gb/s,1 us\ny,z,1 Gb/s,1 us\nz,x,1 Gb/s,1 us\na,x,1 Gb/s,1 us\n"), "the only endpoint");
}

TEST(GraphFile, WhatAGraphCannotHoldIsRefusedWithItsLimit) {
  std::string rows;
  for (int i = 0; i < 20500; ++i) rows += "h" + std::to_string(i) + ",s,1 Gb/s,1 us\n";  // 20,500 x 20,501
  expect_has(csv_error(rows), "400000000 distances");
  std::string parallel = "from,to,bandwidth,latency,count\n";
  for (int i = 0; i < 51; ++i) parallel += "s,t,1 Gb/s,1 us,100000\n";
  expect_has(error_of(parse_graph_csv, parallel + "a,s,1 Gb/s,1 us,1\nb,t,1 Gb/s,1 us,1\n"), "5100002 cables");
}

TEST(GraphFile, TomlProblemsComeAllAtOnce) {
  const std::string error = toml_error(
      "endpoints = [\"a\", \"a\", \"\"]\nswitches = [\"leaf\"]\n[[cable]]\nfrom = \"a\"\nto = \"laef\"\nbandwidth = "
      "\"1 GB\"\nlatency = \"60 s\"\ncount = 0\n[[cable]]\nfrom = \"leaf\"\nto = \"leaf\"\nbandwidth = 5\nspeed = 3\n");
  for (const char* part : {"names \"a\", which is named before", "an empty name", "did you mean \"leaf\"", "net:6:",
                           "net:7:", "net:8:", "to itself", "net:12:", "latency is missing", "unknown key \"speed\""})
    expect_has(error, part);
  expect_has(toml_error("x = 1\n"), "endpoints is missing");
  expect_has(toml_error("endpoints = [\"a\", \"b\"]\n[[cable]]\nfrom = \"a\"\nto = \"s\"\nbandwidth = \"1 "
                        "Gb/s\"\nlatency = \"1 us\"\n"),
             "endpoint \"b\" has no cable");
}

TEST(GraphFile, HostileTextIsACleanError) {
  for (const char* text : {"", "from,to,bandwidth,latency\n", "from,to\na,b\n", "from,to,bandwidth,latency\na,\"b",
                           "from,to,bandwidth,latency\n\xff,b,1 Gb/s,1 us\n"})
    EXPECT_NE(error_of(parse_graph_csv, text), "") << text;
  for (const char* text :
       {"", "endpoints = 3", "endpoints = []\n", "[[cable]\n", "endpoints = [\"a\"]\ncable = 3\n", "\xff"})
    EXPECT_NE(toml_error(text), "") << text;
}

}  // namespace
}  // namespace socle::net
