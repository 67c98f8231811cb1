#include "sync/vault/result_class.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace dirsync::vault {
namespace {

struct Meaning {
  std::string_view code;
  ResultClass result;
};

// Codes that mean one thing wherever they come. CAWS00001E and its like only wrap others: the status decides.
constexpr std::array kMeanings = {
    Meaning{"PASWS213E", ResultClass::already},          // already a member
    Meaning{"ITATS262E", ResultClass::already},          // the same from older servers
    Meaning{"PASWS199E", ResultClass::absent},           // group
    Meaning{"ITATS003E", ResultClass::absent},           // user
    Meaning{"PASWS161E", ResultClass::absent},           // directory
    Meaning{"PASWS197E", ResultClass::absent},           // directory mapping
    Meaning{"PASWS006E", ResultClass::unauthenticated},  // the session is over
    Meaning{"CASSM005E", ResultClass::unauthenticated},
    Meaning{"CASTM006E", ResultClass::unauthenticated},
    Meaning{"PASWS013E", ResultClass::unauthenticated},  // the logon was refused
    Meaning{"PASWS035E", ResultClass::unauthenticated},
    Meaning{"ITATS004E", ResultClass::unauthenticated},
    Meaning{"PASWS268E", ResultClass::unauthenticated},  // suspended
    Meaning{"ITATS002E", ResultClass::unauthenticated},
    Meaning{"ITATS127E", ResultClass::unauthenticated},  // locked
    Meaning{"ITATS542I", ResultClass::unauthenticated},  // RADIUS challenge
    Meaning{"PASWS041E", ResultClass::forbidden},
    Meaning{"PASWS291E", ResultClass::forbidden},  // the built-in Administrator may not
    Meaning{"PASWS011E", ResultClass::invalid},
    Meaning{"PASWS018E", ResultClass::invalid},
    Meaning{"PASWS167E", ResultClass::invalid},
    Meaning{"PASWS204E", ResultClass::invalid},
    Meaning{"PASWS027E", ResultClass::conflict},  // the name is taken
    Meaning{"EPVPA012E", ResultClass::conflict},
    Meaning{"ITATP072E", ResultClass::unsupported},
    Meaning{"CAIWS001E", ResultClass::protocol},   // the token was not sent
    Meaning{"ITADM111E", ResultClass::transient},  // back ends of Privilege Cloud
    Meaning{"SRAPIE0006", ResultClass::transient},
};

std::optional<ResultClass> meaning_of(std::string_view code) {
  auto const found = std::ranges::find(kMeanings, code, &Meaning::code);
  return found == kMeanings.end() ? std::nullopt : std::optional{found->result};
}

constexpr std::string_view kSessionIsOver[] = {"PASWS006E", "CASSM005E", "CASTM006E"};
constexpr std::string_view kWrapper = "CAWS00001E";
constexpr std::string_view kChallenge = "ITATS542I";

ResultClass class_of_status(int status) {
  switch (status) {
    case 400:
      return ResultClass::invalid;
    case 401:
      return ResultClass::unauthenticated;
    case 403:
      return ResultClass::forbidden;
    case 404:
      return ResultClass::absent;
    case 405:
    case 501:
      return ResultClass::unsupported;
    case 408:
      return ResultClass::transient;
    case 409:
      return ResultClass::conflict;
    case 429:
      return ResultClass::throttled;
    default:
      return status >= 500 ? ResultClass::transient : ResultClass::protocol;
  }
}

}  // namespace

char const* to_text(ResultClass result) {
  switch (result) {
    case ResultClass::ok:
      return "ok";
    case ResultClass::already:
      return "already";
    case ResultClass::absent:
      return "absent";
    case ResultClass::unauthenticated:
      return "unauthenticated";
    case ResultClass::forbidden:
      return "forbidden";
    case ResultClass::invalid:
      return "invalid";
    case ResultClass::conflict:
      return "conflict";
    case ResultClass::throttled:
      return "throttled";
    case ResultClass::transient:
      return "transient";
    case ResultClass::routing:
      return "routing";
    case ResultClass::unsupported:
      return "unsupported";
    case ResultClass::protocol:
      return "protocol";
  }
  return "unknown";
}

ResultClass result_class(int status, Refusal const& refusal) {
  if (status >= 200 && status < 300) return ResultClass::ok;
  if (auto const meaning = meaning_of(refusal.code)) return *meaning;
  auto const by_status = class_of_status(status);
  // Neither a page nor an answer without any code tells of users and groups.
  auto const nameless = !refusal.json || refusal.code.empty();
  if (by_status == ResultClass::absent && nameless) return ResultClass::routing;
  if (!refusal.json && !refusal.empty && (status == 400 || status == 409)) return ResultClass::routing;
  return by_status;
}

bool code_is_known(Refusal const& refusal) { return meaning_of(refusal.code).has_value(); }

bool passes_by_itself(int status, Refusal const& refusal, int attempt) {
  if (result_class(status, refusal) != ResultClass::transient) return false;
  if (meaning_of(refusal.code)) return true;
  // Without a code that says so, an internal error may just as well be of the request itself.
  constexpr int kMostRepetitions = 2;
  return attempt <= kMostRepetitions;
}

bool session_ended(int status, Refusal const& refusal) {
  return status == 401 || std::ranges::find(kSessionIsOver, refusal.code) != std::end(kSessionIsOver);
}

bool is_challenge(Refusal const& refusal) { return refusal.code == kChallenge; }

bool logon_is_final(int status, Refusal const& refusal) {
  // Integrated authentication of IIS refuses a password with a page of its own.
  if (status == 401 || status == 409) return true;
  if (meaning_of(refusal.code) == ResultClass::unauthenticated) return true;
  // A 403 with nothing but the wrapper also comes at the limit of sessions, which passes.
  return refusal.json && (status == 400 || (status == 403 && refusal.code != kWrapper));
}

}  // namespace dirsync::vault
