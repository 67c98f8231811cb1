#pragma once
// What whole reads of both sides came to, judged.
#include <map>
#include <string>

#include "daemon/doctor/check.hpp"
#include "daemon/doctor/watched_sides.hpp"
#include "sync/model/mapping_answer.hpp"

namespace dirsync::doctor {

/// read, unresolved, damaged.
void judge_directory_read(DirectoryRead const& read, CheckList& checks);

/// log-on, version, rights and read of a target that answers.
void judge_target_read(TargetRead const& read, CheckList& checks);

/// What a target said of its directory mappings, by name. `without`: why it has none to ask for; null: it
/// may.
void judge_mappings(std::map<std::string, MappingAnswer> const& answers, char const* without,
                    CheckList& checks);

/// log-on, version, rights, read, mappings: of a target.
std::vector<std::string> const& target_ids();

}  // namespace dirsync::doctor
