#pragma once
// Headers that the control socket has beside those of HTTP. Those of requests are optional.

namespace dirsync::control {

// Of requests.
inline constexpr char kStateHeader[] = "dirsyncd-state";                  // service.state_dir of the asker
inline constexpr char kConfigurationHeader[] = "dirsyncd-configuration";  // digest of the asker's, for a run
inline constexpr char kFileHeader[] = "dirsyncd-file";  // of the asker's configuration, for what to do next
inline constexpr char kColourHeader[] = "dirsyncd-colour";    // "on": text/plain may be painted
inline constexpr char kColumnsHeader[] = "dirsyncd-columns";  // of a terminal that shows it
inline constexpr char kVerboseHeader[] = "dirsyncd-verbose";  // "on": as with --verbose
inline constexpr char kPersonHeader[] =
    "dirsyncd-person";  // on whose behalf; that of root and of the service's account counts
inline constexpr char kTokenHeader[] = "dirsyncd-token";  // of the page, with a decision: see page/tokens

// Of answers.
inline constexpr char kExitHeader[] = "dirsyncd-exit";          // of the command; without it none was run
inline constexpr char kMessageHeader[] = "dirsyncd-message";    // its line on standard error
inline constexpr char kQuestionHeader[] = "dirsyncd-question";  // what a person is to be asked
inline constexpr char kPlanHeader[] = "dirsyncd-plan";          // digest of a run's plan
inline constexpr char kExpectHeader[] = "dirsyncd-expect";      // digest of all that the plan sends
inline constexpr char kShownFirstHeader[] = "dirsyncd-shown-first";  // bytes of the body before the question

}  // namespace dirsync::control
