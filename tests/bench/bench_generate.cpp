// Writes a made-up directory for slapadd:
//   bench_generate FILE [PEOPLE [GROUPS [MEMBERSHIPS [SEED]]]]
// By default 20,000 people; a tenth as many groups; seven memberships for each person and a bit.
#include <exception>
#include <fstream>

#include "tests/bench/made_directory.hpp"
#include "tests/bench/measured.hpp"

int main(int argc, char** argv) {
  namespace bench = dirsync::bench;
  if (argc < 2) bench::give_up("usage: bench_generate FILE [PEOPLE [GROUPS [MEMBERSHIPS [SEED]]]]");
  auto const number = [argc, argv](int at, std::uint64_t otherwise) {
    return argc > at ? std::strtoull(argv[at], nullptr, 10) : otherwise;
  };
  auto const people = number(2, 20'000);
  bench::DirectorySize const size{.people = static_cast<unsigned>(people),
                                  .groups = static_cast<unsigned>(number(3, people / 10)),
                                  .memberships = number(4, people * 735 / 100),
                                  .seed = static_cast<unsigned>(number(5, 1))};
  try {
    bench::MadeDirectory const directory{size};
    std::ofstream out{argv[1]};
    directory.write_ldif(out);
    if (!out.flush()) bench::give_up(std::string{argv[1]} + " cannot be written");
  } catch (std::exception const& wrong) {
    bench::give_up(wrong.what());
  }
  std::printf("%s: %u people, %u groups, %llu memberships, seed %u\n", argv[1], size.people, size.groups,
              static_cast<unsigned long long>(size.memberships), size.seed);
}
