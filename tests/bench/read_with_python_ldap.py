#!/usr/bin/python3
"""The same read by a script: people, groups, members resolved to people, over paged searches.

Prints seconds, CPU seconds, peak megabytes and the number of memberships, as bench_directory does.
"""
import resource
import sys
import time

import ldap
from ldap.controls import SimplePagedResultsControl

PAGE_SIZE = 1000
GROUPS = "ou=groups,dc=example,dc=com"
GROUP_FILTER = "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))"
PEOPLE = "ou=people,dc=example,dc=com"
PEOPLE_FILTER = "(objectClass=inetOrgPerson)"


def entries(connection, base, search_filter, attributes):
    paging = SimplePagedResultsControl(True, size=PAGE_SIZE, cookie="")
    while True:
        request = connection.search_ext(base, ldap.SCOPE_SUBTREE, search_filter, attributes, serverctrls=[paging])
        _, page, _, controls = connection.result3(request)
        yield from page
        paging.cookie = next(c.cookie for c in controls if c.controlType == SimplePagedResultsControl.controlType)
        if not paging.cookie:
            return


def main():
    start = time.monotonic()
    connection = ldap.initialize(sys.argv[1])
    groups = {}
    for dn, values in entries(connection, GROUPS, GROUP_FILTER, ["cn", "entryUUID", "member"]):
        groups[dn.lower()] = (values["entryUUID"][0], values.get("member", []))
    people = {}
    for dn, values in entries(connection, PEOPLE, PEOPLE_FILTER, ["entryUUID", "mail", "uid"]):
        people[dn.lower().encode()] = values["entryUUID"][0]
    memberships = 0
    resolved = {}
    for name, (identity, members) in groups.items():
        resolved[identity] = {people[dn] for dn in map(bytes.lower, members) if dn in people}
        memberships += len(resolved[identity])
    seconds = time.monotonic() - start
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, memberships)


main()
