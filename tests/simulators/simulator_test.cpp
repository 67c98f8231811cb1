#include "tests/simulators/simulator.hpp"

#include <gmock/gmock.h>

namespace dirsync::sim {
namespace {

/// A counter behind HTTP: POST /add is a write, GET /value reads it.
class Tally final : public Simulator {
 public:
  std::int64_t value = 0;

 private:
  Route route_of(Request const& request) const override {
    if (request.path == "/add") return {"add", true, false};
    return {request.path == "/value" ? "value" : "", false, false};
  }
  Answer answer(Request const& request) override {
    if (request.path == "/add") ++value;
    return {json_response(200, value), "someone", request.path == "/add"};
  }
  json::value dump_state() const override { return value; }
  std::optional<std::string> load_state(json::value const& state) override {
    if (!state.is_int64()) return "a number";
    value = state.get_int64();
    return std::nullopt;
  }
  std::optional<std::string> do_edit(json::object const& edit) override {
    if (text_of(edit, "op") != "raise") return "unknown op";
    value += number_of(edit, "by");
    return std::nullopt;
  }
};

class GivenTally : public testing::Test {
 protected:
  Response send(std::string_view method, std::string_view target, std::string body = {}) {
    return tally.handle(make_request(method, target, std::move(body)));
  }
  void faults(std::string_view rules) {
    auto const answer = send("POST", "/_sim/faults", std::string{rules});
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
  Tally tally;
};

TEST_F(GivenTally, WhenCalledThenJournalAndCountersTellReadsFromWrites) {
  send("POST", "/add", "{}");
  send("GET", "/value");
  send("GET", "/nowhere");
  auto const counters = tally.counters();
  EXPECT_EQ(counters.requests, 3);
  EXPECT_EQ(counters.writes, 1);
  EXPECT_EQ(counters.changes, 1);
  EXPECT_EQ(counters.by_route.at("unknown"), 1);
  ASSERT_EQ(tally.journal().size(), 3U);
  EXPECT_EQ(tally.journal()[0].route, "add");
  EXPECT_EQ(tally.journal()[0].body, "{}");
  EXPECT_EQ(tally.journal()[1].caller, "someone");
}

TEST_F(GivenTally, WhenControlledThenTheCallIsNotCounted) {
  EXPECT_EQ(
      send("GET", "/_sim/counters").body,
      R"({"requests":0,"writes":0,"unfit_paths":0,"answer_bytes":0,"changes":0,"logons":0,"by_route":{},"by_status":{}})");
  EXPECT_EQ(send("GET", "/_sim/journal").body, "[]");
  EXPECT_EQ(send("GET", "/_sim/other").status, 404);
}

TEST_F(GivenTally, WhenStateIsPutThenItIsRead) {
  EXPECT_EQ(send("PUT", "/_sim/state", "7").status, 200);
  EXPECT_EQ(send("GET", "/_sim/state").body, "7");
  EXPECT_EQ(send("PUT", "/_sim/state", "\"x\"").status, 400);
  EXPECT_EQ(send("PUT", "/_sim/state", "{").status, 400);
}

TEST_F(GivenTally, WhenEditedThenStateFollows) {
  EXPECT_EQ(send("POST", "/_sim/do", R"([{"op":"raise","by":2},{"op":"raise","by":3}])").status, 200);
  EXPECT_EQ(tally.value, 5);
  EXPECT_EQ(send("POST", "/_sim/do", R"({"op":"lower"})").status, 400);
}

TEST_F(GivenTally, WhenJournalIsDeletedThenCountingStartsAgain) {
  send("POST", "/add");
  send("DELETE", "/_sim/journal");
  EXPECT_EQ(tally.counters().requests, 0);
  EXPECT_TRUE(tally.journal().empty());
}

TEST_F(GivenTally, WhenSecondCallFaultsThenOnlyThatOneIsRefusedWithoutEffect) {
  faults(
      R"([{"name":"busy","method":"POST","path":"/add","nth":2,"status":429,"headers":{"Retry-After":"2"}}])");
  EXPECT_EQ(send("POST", "/add").status, 200);
  auto const refused = send("POST", "/add");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(find_field(refused.headers, "retry-after"), "2");
  EXPECT_EQ(send("POST", "/add").status, 200);
  EXPECT_EQ(tally.value, 2);
  EXPECT_EQ(tally.journal()[1].fault, "busy");
  EXPECT_FALSE(tally.journal()[1].changed);
}

TEST_F(GivenTally, WhenDroppedThenTheEffectHasHappenedUnlessPrevented) {
  faults(R"([{"route":"add","drop":true}])");
  EXPECT_TRUE(send("POST", "/add").drop);
  EXPECT_EQ(tally.value, 1);
  faults(R"([{"route":"add","drop":true,"effect":"prevented"}])");
  EXPECT_TRUE(send("POST", "/add").drop);
  EXPECT_EQ(tally.value, 1);
}

TEST_F(GivenTally, WhenFaultHasNoEndThenEveryCallIsHit) {
  faults(R"([{"count":0,"status":500,"effect":"happens","body":{"ErrorCode":"X"}}])");
  for (int call = 0; call < 3; ++call) EXPECT_EQ(send("POST", "/add").body, R"({"ErrorCode":"X"})");
  EXPECT_EQ(tally.value, 3);
}

TEST_F(GivenTally, WhenFaultEditsThenSomebodyElseActsBeforeTheCall) {
  faults(R"([{"route":"value","nth":2,"do":{"op":"raise","by":10}}])");
  EXPECT_EQ(send("GET", "/value").body, "0");
  EXPECT_EQ(send("GET", "/value").body, "10");
}

TEST_F(GivenTally, WhenFaultShapesTheWireThenTheAnswerCarriesIt) {
  faults(R"([{"delay_ms":5,"slow_ms":7,"cut_after":1,"gzip":true}])");
  auto const answer = send("GET", "/value");
  EXPECT_EQ(answer.delay.count(), 5);
  EXPECT_EQ(answer.per_piece.count(), 7);
  EXPECT_EQ(answer.cut_after, 1U);
  EXPECT_TRUE(answer.gzip);
  EXPECT_EQ(answer.body, "0");
}

TEST_F(GivenTally, WhenOnlyWritesOrOnlyReadsFaultThenTheOthersAreNotCounted) {
  faults(R"([{"write":true,"nth":2,"status":500},{"write":false,"nth":2,"status":503}])");
  EXPECT_EQ(send("POST", "/add").status, 200);
  EXPECT_EQ(send("GET", "/value").status, 200);
  EXPECT_EQ(send("GET", "/value").status, 503);
  EXPECT_EQ(send("POST", "/add").status, 500);
}

TEST_F(GivenTally, WhenRulesAreWrongThenTheyAreRefusedAndTheOldOnesStay) {
  faults(R"([{"count":0,"status":503}])");
  for (auto const* wrong :
       {"{}", "[1]", R"([{"stauts":500}])", R"([{"status":99}])", R"([{"nth":0}])",
        R"([{"effect":"prevented"}])", R"([{"effect":"maybe"}])", R"([{"headers":[]}])", R"([{"write":1}])"})
    EXPECT_EQ(send("POST", "/_sim/faults", wrong).status, 400) << wrong;
  EXPECT_EQ(send("GET", "/value").status, 503);
}
}  // namespace
}  // namespace dirsync::sim
