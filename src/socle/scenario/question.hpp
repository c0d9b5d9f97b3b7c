#pragma once

#include <initializer_list>

namespace socle::scenario {

/// What can be asked of a scenario.
enum class Question : unsigned {
  kTrain = 1,
  kPlan = 2,
  kCompare = 4,
  kDesign = 8,
  kSimulate = 16,
  kServeFit = 32,
  kServe = 64,
  kServeEmit = 128,
  kCost = 256,
  kRisk = 512
};

/// A set of them.
class Questions {
 public:
  constexpr Questions() = default;
  constexpr Questions(std::initializer_list<Question> list) {
    for (const Question question : list) bits_ |= static_cast<unsigned>(question);
  }
  constexpr bool has(Question question) const { return (bits_ & static_cast<unsigned>(question)) != 0; }

 private:
  unsigned bits_ = 0;
};

/// Those that train a model on one cluster, or on each of several.
inline constexpr Questions kJobs{Question::kTrain,    Question::kPlan, Question::kCompare, Question::kDesign,
                                 Question::kSimulate, Question::kCost, Question::kRisk};

/// All of them, in the order of the commands.
inline constexpr std::initializer_list<Question> kAllQuestions{
    Question::kTrain,    Question::kPlan,  Question::kCompare,   Question::kDesign, Question::kSimulate,
    Question::kServeFit, Question::kServe, Question::kServeEmit, Question::kCost,   Question::kRisk};

/// As a command is typed: "train", "fabric design".
constexpr const char* command_of(Question question) {
  switch (question) {
    case Question::kTrain:
      return "train";
    case Question::kPlan:
      return "plan";
    case Question::kCompare:
      return "compare";
    case Question::kDesign:
      return "fabric design";
    case Question::kServeFit:
      return "serve fit";
    case Question::kServe:
      return "serve";
    case Question::kServeEmit:
      return "serve emit";
    case Question::kCost:
      return "cost";
    case Question::kRisk:
      return "risk";
    case Question::kSimulate:
      break;
  }
  return "fabric simulate";
}

}  // namespace socle::scenario
