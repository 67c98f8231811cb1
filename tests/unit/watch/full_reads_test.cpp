#include "daemon/watch/full_reads.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dirsync::watch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using What = FeedState::What;

/// Reads of a directory with these people, one after the other.
struct GivenAFollowedDirectory : testing::Test {
  FullReads reads;
  FullReads::Books last;

  GivenAFollowedDirectory() { enter(What::following); }

  void enter(What what, FeedKind kind = FeedKind::syncrepl) {
    reads.note({{"corp", {.what = what, .kind = kind}}});
  }
  void tell(std::vector<std::string> const& ids, std::string const& look_everywhere = {}) {
    FeedNews news;
    for (auto const& id : ids) {
      auto& event = news.events.emplace_back();
      event.id = EntryId{id};
    }
    news.look_everywhere = look_everywhere;
    reads.note("corp", news);
  }
  FullReads::Untold begin() { return reads.begin(); }
  void end(std::vector<std::string> const& people) {
    SnapshotBuilder builder{"corp"};
    for (auto const& uid : people) builder.add_person(EntryId{uid}, "uid=" + uid + ",dc=example,dc=com", {});
    FullReads::Books books;
    books.emplace("corp", MemberBook{std::move(builder).build({}).value()});
    reads.end(last, books);
    last = std::move(books);
  }
  FullReads::Untold read(std::vector<std::string> const& people) {
    auto untold = begin();
    end(people);
    return untold;
  }
};

TEST_F(GivenAFollowedDirectory, WhenAReadFindsWhatWasNotToldThenTheNextOneSaysSoOnce) {
  EXPECT_THAT(read({"ann"}), IsEmpty());
  EXPECT_THAT(read({"ann", "bob"}), IsEmpty());
  EXPECT_THAT(read({"ann", "bob"}), ElementsAre(Pair("corp", ElementsAre(EntryId{"bob"}))));
  EXPECT_THAT(read({"ann", "bob"}), IsEmpty());
}

TEST_F(GivenAFollowedDirectory, WhenItWasToldBeforeMeanwhileOrSoonAfterThenNothingIsSaid) {
  read({"ann"});
  tell({"bob"});
  begin();
  tell({"cid"});
  end({"ann", "bob", "cid", "dan"});
  tell({"dan"});
  EXPECT_THAT(read({"ann", "bob", "cid", "dan"}), IsEmpty());
}

TEST_F(GivenAFollowedDirectory, WhenItWasToldWhileTheReadBeforeWentOnThenNothingIsSaid) {
  begin();
  tell({"bob"});
  end({"ann"});
  read({"ann", "bob"});
  EXPECT_THAT(read({"ann", "bob"}), IsEmpty());
}

TEST_F(GivenAFollowedDirectory, WhenTheFeedWasDownInBetweenThenNothingIsSaid) {
  read({"ann"});
  enter(What::down);
  enter(What::following);
  read({"ann", "bob"});
  EXPECT_THAT(read({"ann", "bob"}), IsEmpty());
  read({"ann"});
  EXPECT_THAT(read({"ann"}), SizeIs(1)) << "since then it is followed";
}

TEST_F(GivenAFollowedDirectory, WhenItWentDownBeforeItCouldTellThenNothingIsSaid) {
  read({"ann"});
  read({"ann", "bob"});
  enter(What::down);
  EXPECT_THAT(read({"ann", "bob"}), IsEmpty());
}

TEST_F(GivenAFollowedDirectory, WhenItBeganToBeFollowedAfterTheReadThenNothingIsSaid) {
  enter(What::starting);
  read({"ann"});
  enter(What::following);
  tell({"cid"});
  read({"ann", "bob"});
  EXPECT_THAT(read({"ann", "bob"}), IsEmpty());
}

TEST_F(GivenAFollowedDirectory, WhenEverythingIsToBeLookedAtThenNothingIsSaid) {
  read({"ann"});
  tell({}, "the server forgot");
  read({"ann", "bob"});
  EXPECT_THAT(read({"ann", "bob"}), IsEmpty());
}

TEST_F(GivenAFollowedDirectory, WhenItToldOfVeryManyThenNothingIsSaid) {
  read({"ann"});
  std::vector<std::string> many;
  for (std::size_t at = 0; at <= FullReads::kMostTold; ++at) many.push_back("e" + std::to_string(at));
  tell(many);
  read({"ann", "bob"});
  EXPECT_THAT(read({"ann", "bob"}), IsEmpty());
}

TEST_F(GivenAFollowedDirectory, WhenItsFeedDoesNotTellOfEverythingThenNothingIsSaid) {
  for (auto const kind : {FeedKind::timestamp_poll, FeedKind::usn_poll, FeedKind::dirsync}) {
    enter(What::following, kind);
    read({"ann", "bob"});
    read({"ann"});
    EXPECT_THAT(read({"ann"}), IsEmpty()) << to_text(kind);
  }
}

TEST_F(GivenAFollowedDirectory, WhenItWasNotReadThenNothingIsSaid) {
  read({"ann"});
  begin();
  reads.end(last, {});
  last.clear();
  EXPECT_THAT(read({"bob"}), IsEmpty());
  EXPECT_THAT(read({"bob"}), IsEmpty());
}

}  // namespace
}  // namespace dirsync::watch
