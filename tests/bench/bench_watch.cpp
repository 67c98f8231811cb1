// From a change in slapd to the Vault, with a service that follows it and simulators that answer at once:
//   bench_watch [PEOPLE [GROUPS [CHANGES [BURST [IDLE_SECONDS]]]]]
// Half of the groups are for the Vault. One clock for all times, CLOCK_REALTIME, in which the simulator's
// journal tells when a call came; when it is set meanwhile, the bench ends. Budgets are those for 100,000
// people and 10,000 groups.
#include <ldap.h>

#include <cmath>
#include <thread>
#include <vector>

#include "tests/bench/service.hpp"
#include "tests/support/ldap/ldif.hpp"

namespace dirsync::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kLongest{1800};  // of anything that is waited for
constexpr char kEverybody[] = "pam-everybody";
constexpr int kEverybodyChanges = 10;

struct Size {
  int people, groups, changes, burst;
  seconds idle;
};

/// Microseconds since 1970, as the simulator's.
std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// The administrator's connection, kept open, so that no start of a program is measured.
class Administrator {
 public:
  explicit Administrator(std::string const& uri) {
    int const version = LDAP_VERSION3;
    char password[] = "secret";
    berval credentials{sizeof password - 1, password};
    expect(ldap_initialize(&handle_, uri.c_str()));
    ldap_set_option(handle_, LDAP_OPT_PROTOCOL_VERSION, &version);
    expect(ldap_sasl_bind_s(handle_, "cn=admin,dc=example,dc=com", LDAP_SASL_SIMPLE, &credentials, nullptr,
                            nullptr, nullptr));
  }
  Administrator(Administrator const&) = delete;
  Administrator& operator=(Administrator const&) = delete;
  ~Administrator() { ldap_unbind_ext_s(handle_, nullptr, nullptr); }

  /// `operation`: LDAP_MOD_REPLACE, LDAP_MOD_DELETE.
  void modify(std::string const& dn, int operation, std::string attribute, std::string value) const {
    char* values[] = {value.data(), nullptr};
    LDAPMod change{};
    change.mod_op = operation;
    change.mod_type = attribute.data();
    change.mod_vals.modv_strvals = values;
    LDAPMod* changes[] = {&change, nullptr};
    expect(ldap_modify_ext_s(handle_, dn.c_str(), changes, nullptr, nullptr));
  }
  void disable(int person) const {
    modify(test::person_dn(person_name(person)), LDAP_MOD_REPLACE, "employeeType", "disabled");
  }

 private:
  static void expect(int result) {
    if (result != LDAP_SUCCESS) give_up(std::string{"slapd: "} + ldap_err2string(result));
  }
  LDAP* handle_ = nullptr;
};

class FollowingService : public Service {
 public:
  explicit FollowingService(Size size) {
    company = large_company(size.people, std::max(1, size.people / std::max(1, size.groups / 2)));
    test::Group everybody{.cn = kEverybody};
    for (auto const& person : company.people) everybody.people.push_back(person.uid);
    company.groups.push_back(std::move(everybody));
    slapd_options_.global_lines = {"moduleload syncprov"};
    // Changes are to cost slapd as little as they can.
    slapd_options_.database_lines = {"dbnosync", "overlay syncprov", "syncprov-sessionlog 100000"};
    configuration.limits_keys =
        "first_plan = \"apply\"\nadditions = \"off\"\nremovals = \"off\"\nremovals_per_group = \"off\"\n"
        "empty_group = \"allow\"\n";
    configuration.more = "[schedule]\ninterval = \"168h\"\njitter = \"0s\"\nwatch = true\n";
    begin(kLongest);
  }
  std::string uri() const { return slapd_->uri(); }
  void forget() {
    forget_calls();
    count_from_here();
  }

  /// When the Vault was called first, and asked for a change first, since its journal was emptied.
  struct Calls {
    std::int64_t first = 0, write = 0;  // microseconds since 1970
  };
  Calls calls() const {
    Calls found;
    auto const journal = vault_->get("journal");
    for (auto const& value : journal.as_array()) {
      auto const& call = value.as_object();
      auto const at = call.at("at_us").to_number<std::int64_t>();
      if (found.first == 0) found.first = at;
      if (call.at("write").as_bool()) {
        found.write = at;
        break;
      }
    }
    return found;
  }
  void wait_for_write() const {
    auto const is_written = [this] {
      std::this_thread::sleep_for(milliseconds{50});  // asking costs the simulator time
      return vault_->writes() > 0;
    };
    if (!test::eventually(is_written, kLongest)) give_up("the Vault was not asked for the change");
  }
  /// A run of everything that somebody asks for.
  void read_everything() {
    count_from_here();
    if (run({"sync"}).exit != 0) give_up("a run that was asked for failed");
    wait_for_run(kLongest);
  }
};

/// Nobody sets the clock that both ends of a delay are read from.
class ClockWatch {
 public:
  void check() const {
    if (std::abs(offset() - offset_) > 1000) give_up("the clock was set; measure again");
  }

 private:
  static std::int64_t offset() {
    return now_us() -
           std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now().time_since_epoch())
               .count();
  }
  std::int64_t offset_ = offset();
};

/// Milliseconds: from before the change, and from slapd's answer, to the call.
struct Delays {
  std::vector<double> first, write, write_since_asked;
};

double at_percent(std::vector<double> values, int percent) {
  auto const rank = (values.size() * static_cast<std::size_t>(percent) + 99) / 100;
  auto const at = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::ranges::nth_element(values, at);
  return *at;
}

/// Single changes, each after a rest as long as the run before: what the service takes off between runs that
/// follow each other is no part of these figures.
template <class Change>
Delays measure_single(FollowingService& service, int count, Change change) {
  Delays delays;
  ClockWatch const clock;
  for (int n = 0; n < count; ++n) {
    service.forget();
    auto const asked = now_us();
    change(n);
    auto const answered = now_us();
    service.wait_for_run(kLongest);
    auto const took = std::chrono::microseconds{now_us() - asked};
    auto const calls = service.calls();
    clock.check();
    if (calls.write == 0) give_up("a run made no change of change number " + std::to_string(n));
    auto const since = [](std::int64_t at, std::int64_t start) {
      return static_cast<double>(at - start) / 1000;
    };
    delays.first.push_back(since(calls.first, answered));
    delays.write.push_back(since(calls.write, answered));
    delays.write_since_asked.push_back(since(calls.write, asked));
    std::this_thread::sleep_for(took);
  }
  return delays;
}

bool print_single(Delays const& delays) {
  auto good = print_beside(10, "change to the Vault's first call, p50", at_percent(delays.first, 50), "ms");
  good &= print_beside(50, "change to the Vault's first call, p99", at_percent(delays.first, 99), "ms");
  good &= print_beside(10, "change to the removal on the wire, p50", at_percent(delays.write, 50), "ms");
  good &= print_beside(50, "change to the removal on the wire, p99", at_percent(delays.write, 99), "ms");
  std::printf("%-44s %10.3f ms, p99 %.3f ms\n", "the same from before the change, p50",
              at_percent(delays.write_since_asked, 50), at_percent(delays.write_since_asked, 99));
  return good;
}

/// Changes of an attribute that decides about people, to values that decide nothing, and one removal at the
/// end.
bool burst(FollowingService& service, Administrator const& admin, Size size) {
  auto const before = service.figures().cpu_time;
  service.read_everything();
  auto const full = service.figures().cpu_time - before;
  std::this_thread::sleep_for(seconds{10});  // what a rest earns
  service.forget();
  auto const runs = service.runs();
  auto const begun = service.figures().cpu_time;
  auto const started = steady_clock::now();
  for (int n = 0; n < size.burst; ++n)
    admin.modify(test::person_dn(person_name(n % (size.people - 1))), LDAP_MOD_REPLACE, "employeeType",
                 "kind " + std::to_string(n));
  auto const written = steady_clock::now();
  admin.disable(size.people - 1);
  service.wait_for_write();
  service.wait_for_run(kLongest);
  // That one ended at the latest when the service rests again.
  while (true) {
    auto const now = service.runs();
    std::this_thread::sleep_for(seconds{2});
    if (service.runs() == now) break;
  }
  auto const used = service.figures().cpu_time - begun;
  std::printf("%d changes within %.1f s, %d runs; processor time %lld ms, of one full run %lld ms\n",
              size.burst, std::chrono::duration<double>(written - started).count(), service.runs() - runs,
              static_cast<long long>(used.count()), static_cast<long long>(full.count()));
  return print_beside(
      1.5, "burst / full run, processor time",
      static_cast<double>(used.count()) / static_cast<double>(std::max<std::int64_t>(1, full.count())), "");
}

bool at_rest(FollowingService const& service, seconds length) {
  auto const before = service.figures();
  auto const begun = steady_clock::now();
  std::this_thread::sleep_for(length);
  auto const after = service.figures();
  auto const time = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
  auto const good = print_beside(120, "resident memory at rest",
                                 static_cast<double>(std::max(before.resident, after.resident)) / 1024, "MB");
  return print_beside(0.1, "processor at rest", share_of_processor(after.cpu_time - before.cpu_time, time),
                      "%") &&
         good;
}

int run(Size size) {
  std::printf("%d people, %d groups and one of everybody, %d single changes, burst of %d\n", size.people,
              size.groups, size.changes, size.burst);
  std::fflush(stdout);
  FollowingService service{size};
  Administrator const admin{service.uri()};
  std::this_thread::sleep_for(
      seconds{15});  // the first run is over in the log before its memory is given back
  auto good = at_rest(service, size.idle);
  good &= print_single(measure_single(service, size.changes, [&admin](int n) { admin.disable(n); }));
  auto const leave_everybody = [&admin, &size](int n) {
    admin.modify(test::group_dn(kEverybody), LDAP_MOD_DELETE, "member",
                 test::person_dn(person_name(size.changes + n)));
  };
  auto const everybody = measure_single(service, kEverybodyChanges, leave_everybody);
  good &= print_beside(150, "change in the group of everybody, p99", at_percent(everybody.write, 99), "ms");
  good &= burst(service, admin, size);
  service.stop();
  return good ? 0 : 1;
}

}  // namespace
}  // namespace dirsync::bench

int main(int argc, char** argv) {
  auto const number = [argc, argv](int at, int otherwise) {
    return argc > at ? std::max(1, std::atoi(argv[at])) : otherwise;
  };
  dirsync::bench::Size const size{.people = number(1, 20'000),
                                  .groups = number(2, 2'000),
                                  .changes = number(3, 100),
                                  .burst = number(4, 10'000),
                                  .idle = std::chrono::seconds{number(5, 60)}};
  if (size.people < size.changes + dirsync::bench::kEverybodyChanges + 2)
    dirsync::bench::give_up("too few people for so many changes");
  return dirsync::bench::run(size);
}
