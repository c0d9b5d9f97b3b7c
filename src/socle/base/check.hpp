#pragma once

#include <cstdio>
#include <cstdlib>

/// Aborts, in release too, when something that must hold does not: a bug of ours, never an input of the user's.
#define SOCLE_CHECK(condition, what)                                                                           \
  do {                                                                                                         \
    if (!(condition)) {                                                                                        \
      std::fprintf(stderr, "socle: internal error: %s (%s) at %s:%d\n", what, #condition, __FILE__, __LINE__); \
      std::abort();                                                                                            \
    }                                                                                                          \
  } while (false)
