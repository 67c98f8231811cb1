// What names from a directory or a target can do to a terminal: nothing.
#include "daemon/cli/screen.hpp"

#include <gtest/gtest.h>

#include "sync/model/json.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

TEST(GivenTextWithControls, WhenShownThenTheyAreMarkedAndLinesStay) {
  EXPECT_EQ(without_controls("two\nlines\n"), "two\nlines\n");
  EXPECT_EQ(without_controls("\033]0;owned\a \033[8mhidden\033[0m\r\tback\b\x7f"),
            "?]0;owned? ?[8mhidden?[0m??back??");
  EXPECT_EQ(without_controls("C1 \u009b31m, to the left \u202e, bad \xff"), "C1 ?31m, to the left ?, bad ?");
  EXPECT_EQ(without_controls("Jürgen, 山田, محمد"), "Jürgen, 山田, محمد");
}

TEST(GivenPaintedText, WhenShownWithoutColoursThenNoSequenceIsLeft) {
  auto const palette = Palette::plain();
  EXPECT_EQ(palette.added("+ alice"), "+ alice");
  EXPECT_EQ(without_controls("\033[32m+ alice\033[0m", palette), "?[32m+ alice?[0m");
}

TEST(GivenPaintedText, WhenShownInColourThenOnlyThePalettesOwnSequencesAreLeft) {
  auto const palette = Palette::coloured();
  for (auto const& painted : {palette.added("a"), palette.removed("b"), palette.warning("c"),
                              palette.strong("d"), palette.faint("e")})
    EXPECT_EQ(without_controls(painted + "\n", palette), painted + "\n");
  EXPECT_EQ(without_controls(palette.added("+ \033[2Jbob\033]0;x\a") + "\033", palette),
            "\033[32m+ ?[2Jbob?]0;x?\033[0m?");
}

TEST(GivenJsonWithControls, WhenShownThenEscapedAndTheSameDocument) {
  boost::json::object const document{{"name", "\033[31m \x7f \u009b1m \u00a0 é"}};
  auto const line = with_escaped_controls(boost::json::serialize(document));
  EXPECT_EQ(line, "{\"name\":\"\\u001b[31m \\u007f \\u009b1m \u00a0 é\"}");
  EXPECT_EQ(parse_json(line), document);
}

}  // namespace
}  // namespace dirsync::cli
