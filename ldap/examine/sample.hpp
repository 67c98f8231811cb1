#pragma once
#include <string>
#include <vector>

#include "ldap/examine/examination.hpp"
#include "ldap/read/read_context.hpp"
#include "sync/model/filter.hpp"

namespace dirsync::ldap {

/// An entry, copied.
struct SampledEntry {
  struct Attribute {
    std::string name;
    std::vector<std::string> values;
  };
  std::string dn;
  std::vector<Attribute> attributes;
};

/// The first entries of an area, kSample at most, of the connected server itself. Errors: LdapErrc. Blocks.
Result<std::vector<SampledEntry>> sample_of(ReadContext const& context, Area const& area,
                                            std::string const& filter, std::vector<std::string> attributes);

/// How many of `people` and `groups` show each attribute, and whether the schema knows it. Pure.
std::vector<AttributeFinding> attributes_shown(std::vector<AskedAttribute> const& asked, Schema const& schema,
                                               std::vector<SampledEntry> const& people,
                                               std::vector<SampledEntry> const& groups);

/// dirsyncd's answer to the filter on `people` beside the server's, which is asked for. Blocks.
FilterFinding compare_answers(ReadContext const& context, AskedFilter const& asked,
                              std::vector<SampledEntry> const& people);

/// DNs of `people` that `filter` fits as dirsyncd evaluates it. Errors: FilterErrc. Pure.
Result<std::vector<std::string>> fitting(Filter const& filter, Schema const& schema,
                                         std::vector<SampledEntry> const& people);

/// Both lists, of DNs, as they differ: counts, and a few examples.
void note_differences(std::vector<std::string> ours, std::vector<std::string> theirs, FilterFinding& finding);

/// Whether the members of `groups` are shown. Blocks where the server is asked who says to be in an empty
/// one.
MemberFinding look_at_members(ReadContext const& context, std::vector<SampledEntry> const& groups);

}  // namespace dirsync::ldap
