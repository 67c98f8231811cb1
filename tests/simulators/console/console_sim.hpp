#pragma once
// The simulated console. README-console.md describes state, knobs, counters and edits.
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sync/model/error.hpp"
#include "tests/simulators/console/context.hpp"
#include "tests/simulators/simulator.hpp"

namespace dirsync::sim {

class ConsoleSim final : public Simulator {
 public:
  struct Options {
    std::string set_name;  // doc-2.0.2, infer-2021, or empty
    Fields knobs;          // set after the set's own
    std::function<std::chrono::system_clock::time_point()> clock = std::chrono::system_clock::now;
  };

  /// `state` is the content of a state file; `{}` is the seed. Errors: invalid_argument, with the place.
  static Result<std::unique_ptr<ConsoleSim>> open(json::value const& state, Options options);

 private:
  ConsoleSim(std::function<std::chrono::system_clock::time_point()> clock, console::Model model)
      : clock_{std::move(clock)}, model_{std::move(model)} {}

  Route route_of(Request const& request) const override;
  Answer answer(Request const& request) override;
  json::value dump_state() const override;
  std::optional<std::string> load_state(json::value const& state) override;
  std::optional<std::string> do_edit(json::object const& edit) override;
  void add_counters(json::object& counters) const override;

  console::Reply serve(console::Context& context);
  std::optional<console::Refusal> admit(console::Context& context, bool counts_organization) const;
  std::int64_t now() const;  // milliseconds since 1970

  std::function<std::chrono::system_clock::time_point()> clock_;
  std::chrono::milliseconds ahead_{0};  // of the clock
  console::Model model_;
};

}  // namespace dirsync::sim
