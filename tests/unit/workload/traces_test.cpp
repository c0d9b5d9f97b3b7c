#include "socle/workload/trace_source.hpp"

#include <fstream>
#include <limits>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "socle/base/error.hpp"
#include "socle/base/random.hpp"

namespace socle::workload {
namespace {

TraceReader reader_of(const std::string& text, TraceReading reading = {}) {
  return {std::make_unique<std::istringstream>(text), "t", std::move(reading)};
}

std::vector<Request> all_of(TraceReader& reader) {
  std::vector<Request> list;
  while (auto request = reader.next()) list.push_back(*std::move(request));
  return list;
}

std::vector<Request> read(const std::string& text, TraceReading reading = {}) {
  TraceReader reader = reader_of(text, std::move(reading));
  return all_of(reader);
}

std::string problem_of(const std::string& text, TraceReading reading = {}) {
  try {
    read(text, std::move(reading));
    return {};
  } catch (const InputError& error) {
    EXPECT_EQ(error.problems().size(), 1u);
    return error.what();
  }
}

const std::string kAzure = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
const std::string kBurst = "Timestamp,Session ID,Model,Request tokens,Response tokens,Total tokens,Log Type\n";

TEST(Traces, AzureTimesAreReadToTheSeventhDigit) {
  const auto requests = read(kAzure +
                             "2023-11-16 23:59:59.9799600,4808,10\n"
                             "2023-11-17 00:00:00.0319601,3180,8\r\n"
                             "2023-11-17T00:00:01+00:00,1,1");
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_NEAR((requests[1].arrival - requests[0].arrival).value(), 0.0520001, 1e-9);
  EXPECT_NEAR((requests[2].arrival - requests[0].arrival).value(), 1.02004, 1e-9);
  EXPECT_EQ(requests[0].input, 4808);
  EXPECT_EQ(requests[0].output, 10);
  EXPECT_EQ(requests[2].id, 2);
}

TEST(Traces, MooncakeNamesBlocksOf512Tokens) {
  const auto requests = read(
      "{\"timestamp\": 0, \"input_length\": 1000, \"output_length\": 5, \"hash_ids\": [0, 14]}\n"
      "{\"timestamp\": 27482, \"input_length\": 512, \"output_length\": 1, \"hash_ids\": [0]}\n"
      "{ \"hash_ids\" : [] , \"output_length\":2,\"input_length\":7, \"timestamp\":3e4, \"note\": \"a\\\"b\"}\n");
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].prefix, (std::vector<std::int64_t>{0, 14}));
  EXPECT_EQ(requests[1].arrival, Seconds{27.482});
  EXPECT_EQ(requests[2].arrival, Seconds{30.0});
  EXPECT_EQ(requests[2].input, 7);
}

TEST(Traces, BurstGptLeavesOutAndCountsWhatFailed) {
  TraceReader reader = reader_of(kBurst +
                                 "5,0,ChatGPT,472,18,490,Conversation log\n"
                                 "45,abc,GPT-4,1087,0,1087,API log\n"
                                 "118.5,abc,GPT-4,417,276,693,\"API, log\"\n");
  EXPECT_EQ(reader.format().name, "burstgpt");
  const auto requests = all_of(reader);
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(reader.skipped_failed(), 1);
  EXPECT_EQ(requests[1].arrival, Seconds{118.5});
  EXPECT_EQ(requests[0].session, 0);
  EXPECT_GT(requests[1].session, 1 << 30) << "a name that is no number becomes one";
  EXPECT_EQ(reader.classes(), (std::vector<std::string>{"ChatGPT", "GPT-4"}));
  EXPECT_EQ(requests[1].service_class, 1);
  EXPECT_EQ(
      read("Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,4,1,5,API log").size(), 1u);
}

TEST(Traces, GenericOnesTakeTheirColumnsInAnyOrder) {
  const std::string row = "\n7,0.5,100,chat,8\n";
  const auto requests = read("output_tokens,arrival_s,input_tokens,class,session" + row);
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].arrival, Seconds{0.5});
  EXPECT_EQ(requests[0].input, 100);
  EXPECT_EQ(requests[0].output, 7);
  EXPECT_EQ(requests[0].session, 8);
  EXPECT_EQ(read("arrived_at,num_prefill_tokens,num_decode_tokens\n0,9,8\n")[0].input, 9) << "Vidur's names";
  const auto dumped = read(
      "{\"request_id\": \"bench-0\", \"input_toks\": 2358, \"output_toks\": 531, \"arrival_time\": 1777142838.338653}\n"
      "{\"request_id\": \"bench-1\", \"input_toks\": 1034, \"output_toks\": 769, \"arrival_time\": "
      "1777142838.6237123}\n");
  ASSERT_EQ(dumped.size(), 2u);
  EXPECT_NEAR((dumped[1].arrival - dumped[0].arrival).value(), 0.2850593, 1e-6);
  EXPECT_EQ(read("{\"arrival_s\": 1, \"input_tokens\": 2, \"output_tokens\": 3, \"class\": \"a\", \"session\": 4}")[0]
                .session,
            4);
}

TEST(Traces, TheFirstLineTellsTheFormat) {
  const std::pair<const char*, std::string> cases[] = {
      {"azure", kAzure + "2023-11-16 00:00:00,1,1\n"},
      {"burstgpt", kBurst + "5,0,ChatGPT,472,18,490,API log\n"},
      {"mooncake", "{\"timestamp\": 0, \"input_length\": 1, \"output_length\": 1}\n"},
      {"csv", "\n\ntimestamp,input_tokens,output_tokens\n0,1,1\n\n"},
      {"jsonl", "{\"timestamp\": 0, \"input_tokens\": 1, \"output_tokens\": 1}\n"}};
  for (const auto& [name, text] : cases) {
    TraceReader reader = reader_of(text);
    EXPECT_EQ(reader.format().name, name);
    EXPECT_TRUE(reader.next()) << name;
    EXPECT_EQ(read(text, {.format = name}).size(), 1u) << name;
    // Each other format says what it found.
    for (const std::string& other : trace_format_names()) {
      if (other == name || (other == "jsonl" && std::string(name) == "mooncake")) continue;
      const std::string problem = problem_of(text, {.format = other});
      EXPECT_TRUE(problem.starts_with("t:")) << name << " as " << other << ": " << problem;
    }
  }
}

TEST(Traces, SayWhatIsWrongAndWhere) {
  const std::string csv = "arrival_s,input_tokens,output_tokens\n";
  const std::string jsonl = "{\"arrival_s\": 0, \"input_tokens\": 1, \"output_tokens\": 1}\n";
  const std::pair<std::string, const char*> cases[] = {
      {"", "t: the file is empty; a trace has a line for each request"},
      {"\n \n", "t:2: the file is empty; a trace has a line for each request"},
      {csv, "t:1: the file has a header and no request; a trace has a line for each request"},
      {csv + "1,1,1\n0.5,1,1\n", "t:3: arrival_s goes back by 0.5 s; sort the file, or say trace_sort = true"},
      {csv + "-1,1,1\n", "t:2: arrival_s is negative; times count up from 0"},
      {csv + "nan,1,1\n", "t:2: arrival_s = \"nan\" is not a finite number"},
      {csv + "inf,1,1\n", "t:2: arrival_s = \"inf\" is not a finite number"},
      {csv + "1e300,1,1\n", "t:2: arrival_s is 1e+300 s; at most 10000000000 s are taken: is it in another unit?"},
      {csv + "0,0,1\n",
       "t:2: input_tokens = 0: a request has at least one token each way; say skip_empty = true to leave such requests "
       "out"},
      {csv + "0,1,-5\n", "t:2: output_tokens = -5 is not a whole number from 1 to 10000000"},
      {csv + "0,1.5,1\n", "t:2: input_tokens = 1.5 is not a whole number from 1 to 10000000"},
      {csv + "0,10000001,1\n", "t:2: input_tokens = 10000001 is not a whole number from 1 to 10000000"},
      {csv + "0,,1\n", "t:2: input_tokens = \"\" is not a finite number"},
      {csv + "0,1\n", "t:2: the row has 2 cells, the header 3 columns; the row is cut off or a comma is missing"},
      {csv + "0,\"1,1\n", "t:2: a quoted cell never ends; close its quote on the same line"},
      {csv + "0,\"1\"x,1\n", "t:2: text follows the closing quote of a cell; separate cells by commas"},
      {"arrival_s,input_tokens,input_toks,output_tokens\n0,1,1,1\n", "begins with"},
      {kAzure + "yesterday,1,1\n",
       "t:2: TIMESTAMP = \"yesterday\" is no time such as 2023-11-16 18:17:03.9799600 (UTC)"},
      {kAzure + "2023-02-30 00:00:00,1,1\n", "is no time such as"},
      {kAzure + "2023-11-16 24:00:00,1,1\n", "is no time such as"},
      {kAzure + "2023-11-16 00:00:00,1,1\n2023-11-15 23:59:59,1,1\n", "t:3: TIMESTAMP"},
      {jsonl + "{\"arrival_s\": 1, \"input_tokens\": 1, \"outp",
       "t:2: not valid JSON near \"\"outp\"; the line does not end in }, so it may be cut off"},
      {jsonl + "[1]", "t:2: the line is JSON, but no object"},
      {jsonl + "{\"arrival_s\": NaN, \"input_tokens\": 1, \"output_tokens\": 1}", "t:2: not valid JSON"},
      {jsonl + "{\"arrival_s\": 1, \"arrival_s\": 1, \"input_tokens\": 1}", "t:2: duplicate key \"arrival_s\""},
      {jsonl + "{\"arrival_s\": 1, \"input_tokens\": 1}", "t:2: output_tokens is missing; every line has it"},
      {jsonl + "{\"arrival_s\": \"1\", \"input_tokens\": 1, \"output_tokens\": 1}",
       "t:2: arrival_s = \"1\" is a text, not a number"},
      {jsonl + "{\"arrival_s\": 01, \"input_tokens\": 1, \"output_tokens\": 1}", "t:2: not valid JSON"},
      {"{\"timestamp\": 0, \"input_length\": 512, \"output_length\": 1, \"hash_ids\": [1, 2]}",
       "t:1: hash_ids names 2 blocks of 512 tokens, but input_length = 512 has 1; leave the others out"},
      {"{\"timestamp\": 0, \"input_length\": 512, \"output_length\": 1, \"hash_ids\": [1.5]}",
       "t:1: hash_ids is not an array of whole numbers"},
      {"{\"timestamp\": 0, \"input_length\": 512, \"output_length\": 1, \"hash_ids\": [99999999999999999999]}",
       "t:1: "},
      {"a,b,c\n1,2,3\n", "the file begins with \"a,b,c\", as no known trace does; it may begin with"},
      {"[{\"arrival_s\": 0}]", "as no known trace does"},
      {std::string("\x1F\x8B\x08\x00", 4), "t:1: the file is compressed with gzip; unpack it first"}};
  for (const auto& [text, expected] : cases)
    EXPECT_NE(problem_of(text).find(expected), std::string::npos) << problem_of(text) << "\nnot: " << expected;
  EXPECT_NE(problem_of(csv, {.format = "azure"}).find("as no trace of format azure does"), std::string::npos);
  EXPECT_NE(problem_of("arrival,input_tokens,output_tokens\n", {.format = "csv"})
                .find("t:1: no column is named arrival_s or timestamp or arrival_time or arrived_at"),
            std::string::npos);
}

TEST(Traces, WhatIsLeftOutOrSortedIsAsked) {
  const std::string csv = "arrival_s,input_tokens,output_tokens\n5,1,1\n3,0,9\n4,7,0\n3,2,2\n3,3,3\n";
  TraceSource source(std::make_unique<std::istringstream>(csv), "t", {.sort = true, .skip_empty = true}, {});
  std::vector<int> inputs;
  std::vector<double> times;
  while (const auto request = source.next()) {
    EXPECT_EQ(request->id, static_cast<std::int64_t>(inputs.size()));
    inputs.push_back(request->input);
    times.push_back(request->arrival.value());
  }
  EXPECT_EQ(inputs, (std::vector<int>{2, 3, 1})) << "equal times keep the order of the file";
  EXPECT_EQ(times, (std::vector<double>{0, 0, 2})) << "time counts from the first request";
  EXPECT_EQ(source.reader().skipped_empty(), 2);
}

TEST(Traces, ASpeedOfTwoHalvesEveryGapAndAShorterReplayIsABeginning) {
  const std::string csv = "arrival_s,input_tokens,output_tokens\n10,1,1\n11,2,1\n14,3,1\n20,4,1\n";
  const auto times = [&](TraceReplay replay) {
    TraceSource source(std::make_unique<std::istringstream>(csv), "t", {}, replay);
    std::vector<double> list;
    while (const auto request = source.next()) list.push_back(request->arrival.value());
    EXPECT_FALSE(source.next());
    return list;
  };
  using Times = std::vector<double>;
  EXPECT_EQ(times({}), (Times{0, 1, 4, 10}));
  EXPECT_EQ(times({.speed = 2}), (Times{0, 0.5, 2, 5}));
  EXPECT_EQ(times({.requests = 2}), (Times{0, 1}));
  EXPECT_EQ(times({.duration = Seconds{4.0}}), (Times{0, 1, 4}));
}

// A few bytes of good traces changed: each is read to the end, or refused at a line with one problem.
TEST(Traces, MutatedOnesAreReadOrRefused) {
  const std::string seeds[] = {
      kAzure + "2023-11-16 18:17:03.9799600,4808,10\n2023-11-16 18:17:04.0319600,3180,8\n",
      kBurst + "5,0,ChatGPT,472,18,490,Conversation log\n45,abc,\"GPT-4\",1087,0,1087,API log\n",
      "{\"timestamp\": 0, \"input_length\": 1000, \"output_length\": 5, \"hash_ids\": [0, 14]}\n"
      "{\"timestamp\": 7, \"input_length\": 10, \"output_length\": 5, \"hash_ids\": [3]}\n",
      "arrival_s,input_tokens,output_tokens,class,session\n0,1,1,a,7\n0.5,20,30,b,x\n",
      "{\"arrival_s\": 0, \"input_tokens\": 1, \"output_tokens\": 1, \"session\": \"a\"}\n"
      "{\"arrival_s\": 2.5e0, \"input_tokens\": 12, \"output_tokens\": 1, \"more\": {\"a\": [1, null]}}\n"};
  const std::string bytes = "0123456789-+.,:eE\"{}[]\n\r\\ T\xC3\x80nul" + std::string(1, '\0');
  const RandomStream random(20261127, 1);
  int good = 0, refused = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    std::string text = seeds[i % std::size(seeds)];
    for (std::uint64_t change = 0; change <= random.below(3, i, 0); ++change) {
      const std::size_t at = random.below(text.size(), i, 10 + change * 4);
      const char byte = bytes[random.below(bytes.size(), i, 11 + change * 4)];
      const std::uint64_t kind = random.below(4, i, 12 + change * 4);
      if (kind == 0)
        text.erase(at, 1 + random.below(8, i, 13 + change * 4));
      else if (kind == 1)
        text.insert(at, 1, byte);
      else
        text[at] = byte;
      if (text.empty()) text = "x";
    }
    try {
      double last = 0;
      for (const Request& request : read(text)) {
        ASSERT_TRUE(request.input >= 1 && request.output >= 1 && request.input <= kTraceTokensMax) << text;
        ASSERT_GE(request.arrival.value(), last) << text;
        ASSERT_LE(static_cast<int>(request.prefix.size()), (request.input + 511) / 512) << text;
        last = request.arrival.value();
      }
      ++good;
    } catch (const InputError& error) {
      ASSERT_EQ(error.problems().size(), 1u) << text;
      ASSERT_EQ(error.problems()[0].file, "t");
      ++refused;
    }
  }
  EXPECT_GT(good, 1000);
  EXPECT_GT(refused, 1000);
}

// Published counts and means of the traces themselves, where they lie beside the sources.
TEST(Traces, ThePublishedOnesHaveTheirCountsAndMeans) {
  struct Published {
    const char* file;
    const char* format;
    std::int64_t requests;
    double span, input, output;
  };
  const Published all[] = {{"azure-2023-code.csv", "azure", 8819, 3436, 2048, 28},
                           {"azure-2023-conversation.csv", "azure", 19366, 3502, 1155, 211},
                           {"mooncake-conversation.jsonl", "mooncake", 12031, 3537, 12035, 343}};
  int found = 0;
  for (const Published& one : all) {
    const std::string path = std::string("../shared/traces/") + one.file;
    auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
    if (!*file) continue;
    ++found;
    TraceSource source(std::move(file), path, {}, {});
    std::int64_t count = 0, blocks = 0;
    double input = 0, output = 0, span = 0;
    std::set<std::int64_t> names;
    while (const auto request = source.next()) {
      ++count;
      input += request->input;
      output += request->output;
      span = request->arrival.value();
      blocks += static_cast<std::int64_t>(request->prefix.size());
      names.insert(request->prefix.begin(), request->prefix.end());
    }
    EXPECT_EQ(source.reader().format().name, one.format);
    EXPECT_EQ(count, one.requests) << path;
    EXPECT_NEAR(span, one.span, 1) << path;
    EXPECT_NEAR(input / static_cast<double>(count), one.input, 1) << path;
    EXPECT_NEAR(output / static_cast<double>(count), one.output, 1) << path;
    if (std::string(one.format) == "mooncake") {
      EXPECT_EQ(blocks, 288'500);
      EXPECT_EQ(names.size(), 182'790u);
    }
  }
  if (found == 0) GTEST_SKIP() << "the traces are not at ../shared/traces: their counts and means are not checked";
}

}  // namespace
}  // namespace socle::workload
