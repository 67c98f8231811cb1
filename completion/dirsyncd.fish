# Completion of dirsyncd for fish. tests/completion compares its words with --help.

# True when the words before the cursor name exactly the command given, such as `log verify`; none given: no command yet.
function __dirsyncd_at
    set -l found
    set -l takes_value --config --log-level --rule --group --user --approve --reason --members --audit --since --until --at --target --run --action --outcome \
        --limit --after --before --format --out --file --head --key --id --name --new-name --description --role --update-version --query-type \
        --uri --flavour --bind-dn --bind-password-file --ca-file --base --users-base \
        --groups-base --groups --vault-url --vault-user --vault-password-file --vault-ca-file \
        --vault-domain --console-url --console-user --console-password-file --console-ca-file --console-role \
        --state-dir --output --side
    set -l words (commandline -opc)
    set -l skip 0
    for word in $words[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word $takes_value
            set skip 1
        else if not string match -q -- '-*' $word
            switch "$found"
                case '' run log config console
                    set found (string trim "$found $word")
            end
        end
    end
    test "$found" = "$argv"
end

complete -c dirsyncd -f
complete -c dirsyncd -s h -l help -d 'Print help and exit'
complete -c dirsyncd -l config -r -F -d 'Configuration file'
complete -c dirsyncd -l json -d 'One JSON document on standard output'
complete -c dirsyncd -l log-level -x -a 'trace debug info warn error' -d 'Least severe message that is written'
complete -c dirsyncd -n __dirsyncd_at -l version -d 'Print the version and exit'

complete -c dirsyncd -n __dirsyncd_at -a init -d 'Look at a directory and write a configuration for it'
complete -c dirsyncd -n __dirsyncd_at -a run -d 'Keep everything in sync until stopped'
complete -c dirsyncd -n __dirsyncd_at -a sync -d 'One run now'
complete -c dirsyncd -n __dirsyncd_at -a plan -d 'What a run would do, and why'
complete -c dirsyncd -n __dirsyncd_at -a undo -d 'Take back what a run did'
complete -c dirsyncd -n __dirsyncd_at -a approve -d 'Let a held plan run'
complete -c dirsyncd -n __dirsyncd_at -a reject -d 'Decide that a held plan shall not run'
complete -c dirsyncd -n __dirsyncd_at -a freeze -d 'Stop changes at once, until they are let go on'
complete -c dirsyncd -n __dirsyncd_at -a thaw -d 'Let go on what was frozen'
complete -c dirsyncd -n __dirsyncd_at -a retry -d 'Try again what failed'
complete -c dirsyncd -n __dirsyncd_at -a adopt -d 'Take existing groups of a target over'
complete -c dirsyncd -n __dirsyncd_at -a recover -d 'Recover a lost, damaged or older store'
complete -c dirsyncd -n __dirsyncd_at -a log -d 'The audit trail'
complete -c dirsyncd -n __dirsyncd_at -a runs -d 'History with counts and timings'
complete -c dirsyncd -n __dirsyncd_at -a status -d 'What is frozen, targets, held plans, who is set aside or waited for'
complete -c dirsyncd -n __dirsyncd_at -a who -d 'Who is in a target group, now or at a time'
complete -c dirsyncd -n __dirsyncd_at -a why -d 'Why somebody is in a target group, or is not'
complete -c dirsyncd -n __dirsyncd_at -a report -d 'Who has which target group, for a review'
complete -c dirsyncd -n __dirsyncd_at -a page -d 'How to open the page of the service'
complete -c dirsyncd -n __dirsyncd_at -a config -d 'The configuration'
complete -c dirsyncd -n __dirsyncd_at -a doctor -d 'What works and what does not, and what to do'
complete -c dirsyncd -n __dirsyncd_at -a console -d 'Groups of a console, by hand'

complete -c dirsyncd -n '__dirsyncd_at run' -a show -d 'One run, with its plan and outcomes'
complete -c dirsyncd -n '__dirsyncd_at log' -a verify -d 'Check hashes, checkpoints and signatures'
complete -c dirsyncd -n '__dirsyncd_at log' -a export -d 'Write rows to a file, with a proof'
complete -c dirsyncd -n '__dirsyncd_at log' -a key -d 'The public key of the trail'
complete -c dirsyncd -n '__dirsyncd_at log' -a prune -d 'Take the oldest rows out, under the lock'
complete -c dirsyncd -n '__dirsyncd_at log' -a acknowledge -d 'Let runs go on although the trail was edited'
complete -c dirsyncd -n '__dirsyncd_at config' -a check -d 'Validate the configuration'
complete -c dirsyncd -n '__dirsyncd_at config check' -l online -d 'Look at directories and targets as well'
complete -c dirsyncd -n '__dirsyncd_at doctor' -l side -x -d 'Only this directory or target'

set -l command # not one of the shell
for command in sync plan
    complete -c dirsyncd -n "__dirsyncd_at $command" -l rule -x -d 'Only changes of this rule'
    complete -c dirsyncd -n "__dirsyncd_at $command" -l group -x -d 'Only changes of this target group'
    complete -c dirsyncd -n "__dirsyncd_at $command" -l user -x -d 'Only changes of this user'
    complete -c dirsyncd -n "__dirsyncd_at $command" -l detailed-exitcode -d '3 changes pending, 4 held, 5 refused'
    complete -c dirsyncd -n "__dirsyncd_at $command" -l verbose -d 'Whole DNs and paths, every member and every note'
end
complete -c dirsyncd -n '__dirsyncd_at plan' -l offline -d 'Read no side: how the settings differ'
complete -c dirsyncd -n '__dirsyncd_at sync' -l dry-run -d 'Stop before the first write'
complete -c dirsyncd -n '__dirsyncd_at sync' -l yes -d 'Do not ask'
complete -c dirsyncd -n '__dirsyncd_at sync' -l approve -x -d 'Approve this held plan or read, and run'
complete -c dirsyncd -n '__dirsyncd_at undo' -l dry-run -d 'Stop before the first write'
complete -c dirsyncd -n '__dirsyncd_at undo' -l approve -x -d 'Approve this plan of the undo, and run it'
complete -c dirsyncd -n '__dirsyncd_at undo' -l verbose -d 'Whole DNs and paths, every member and every note'
complete -c dirsyncd -n '__dirsyncd_at sync' -l accept-band -d 'Take a doubted read as the new level, once'

complete -c dirsyncd -n '__dirsyncd_at why' -l trace -d 'Every step that led to the answer'
for command in approve reject freeze
    complete -c dirsyncd -n "__dirsyncd_at $command" -l reason -x -d 'Why'
end
for command in sync undo adopt recover
    complete -c dirsyncd -n "__dirsyncd_at $command" -l reason -x -d 'With --approve: why'
end
complete -c dirsyncd -n '__dirsyncd_at freeze' -l removals -d 'Only removals, those of leavers included'
complete -c dirsyncd -n '__dirsyncd_at freeze' -l target -x -d 'Only changes of this target'
complete -c dirsyncd -n '__dirsyncd_at freeze' -l until -x -d 'Ends by itself then'
complete -c dirsyncd -n '__dirsyncd_at thaw' -l target -x -d 'Only what was frozen of this target by itself'
complete -c dirsyncd -n '__dirsyncd_at retry' -l target -x -d 'Only of this target'
complete -c dirsyncd -n '__dirsyncd_at retry' -l group -x -d 'Only of this target group'
complete -c dirsyncd -n '__dirsyncd_at retry' -l user -x -d 'Only of this user'

complete -c dirsyncd -n '__dirsyncd_at adopt' -l rule -x -d 'All groups that this rule feeds'
complete -c dirsyncd -n '__dirsyncd_at adopt' -l group -x -d 'This group of a target'
complete -c dirsyncd -n '__dirsyncd_at adopt' -l members -x -a 'desired all' -d 'Which members'
complete -c dirsyncd -n '__dirsyncd_at recover' -l audit -r -F -d 'What log export wrote, or a copy of the store'
for command in adopt recover
    complete -c dirsyncd -n "__dirsyncd_at $command" -l approve -x -d 'Approve this plan, and carry it out'
    complete -c dirsyncd -n "__dirsyncd_at $command" -l verbose -d 'Whole DNs and paths, every member and every note'
end

for command in who why
    complete -c dirsyncd -n "__dirsyncd_at $command" -l target -x -d 'In which target'
    complete -c dirsyncd -n "__dirsyncd_at $command" -l at -x -d 'As of then: time, or an age such as 24h'
end

complete -c dirsyncd -n '__dirsyncd_at report' -l at -x -d 'As of then: time, or an age such as 24h'
complete -c dirsyncd -n '__dirsyncd_at report' -l format -x -a 'html csv json' -d 'How it is written'
complete -c dirsyncd -n '__dirsyncd_at report' -l out -r -F -d 'A file that is not there yet'

complete -c dirsyncd -n '__dirsyncd_at log' -l since -x -d 'Time, or an age such as 24h'
complete -c dirsyncd -n '__dirsyncd_at log' -l until -x -d 'Time, or an age'
complete -c dirsyncd -n '__dirsyncd_at log' -l target -x -d 'Of this target'
complete -c dirsyncd -n '__dirsyncd_at log' -l group -x -d 'Of this group'
complete -c dirsyncd -n '__dirsyncd_at log' -l user -x -d 'Name, DN or immutable id'
complete -c dirsyncd -n '__dirsyncd_at log' -l run -x -d 'Of this run'
complete -c dirsyncd -n '__dirsyncd_at log' -l action -x -d 'Verb or phase'
complete -c dirsyncd -n '__dirsyncd_at log' -l outcome -x -d 'How it ended'
complete -c dirsyncd -n '__dirsyncd_at log' -l limit -x -d 'Only the newest N rows'
complete -c dirsyncd -n '__dirsyncd_at log' -l after -x -d 'Only rows after this one'
complete -c dirsyncd -n '__dirsyncd_at log' -l follow -d 'Go on with every row that is added'
complete -c dirsyncd -n '__dirsyncd_at log' -l format -x -a 'table json csv' -d 'How rows are written'
complete -c dirsyncd -n '__dirsyncd_at log export' -l since -x -d 'Time, or an age such as 24h'
complete -c dirsyncd -n '__dirsyncd_at log export' -l until -x -d 'Time, or an age'
complete -c dirsyncd -n '__dirsyncd_at log export' -l format -x -a 'jsonl csv cef' -d 'How rows are written'
complete -c dirsyncd -n '__dirsyncd_at log export' -l out -r -F -d 'A file that is not there yet'
complete -c dirsyncd -n '__dirsyncd_at log verify' -l file -r -F -d 'What log export wrote'
complete -c dirsyncd -n '__dirsyncd_at log verify' -l head -x -d 'Row that must have this hash'
complete -c dirsyncd -n '__dirsyncd_at log verify' -l key -r -F -d 'Public key in PEM'
complete -c dirsyncd -n '__dirsyncd_at log prune' -l before -x -d 'Rows of before that time, or that age'
complete -c dirsyncd -n '__dirsyncd_at log acknowledge' -l reason -x -d 'Why'
complete -c dirsyncd -n '__dirsyncd_at runs' -l limit -x -d 'Only the newest N'

complete -c dirsyncd -n '__dirsyncd_at init' -l uri -x -d 'Server of the directory'
complete -c dirsyncd -n '__dirsyncd_at init' -l flavour -x -a 'auto openldap 389ds ad' -d 'Kind of server'
complete -c dirsyncd -n '__dirsyncd_at init' -l starttls -d 'Encrypt by StartTLS'
complete -c dirsyncd -n '__dirsyncd_at init' -l anonymous -d 'Read without logging on'
complete -c dirsyncd -n '__dirsyncd_at init' -l bind-dn -x -d 'Account that reads the directory'
complete -c dirsyncd -n '__dirsyncd_at init' -l bind-password-file -r -F -d 'File of its password'
complete -c dirsyncd -n '__dirsyncd_at init' -l ca-file -r -F -d 'CA of the server'
complete -c dirsyncd -n '__dirsyncd_at init' -l base -x -d 'Where to look'
complete -c dirsyncd -n '__dirsyncd_at init' -l users-base -x -d 'Where people are'
complete -c dirsyncd -n '__dirsyncd_at init' -l groups-base -x -d 'Where groups are'
complete -c dirsyncd -n '__dirsyncd_at init' -l groups -x -d 'Which groups are kept'
complete -c dirsyncd -n '__dirsyncd_at init' -l vault-url -x -d 'Vault to write to'
complete -c dirsyncd -n '__dirsyncd_at init' -l vault-user -x -d 'User that logs on to the Vault'
complete -c dirsyncd -n '__dirsyncd_at init' -l vault-password-file -r -F -d 'File of the password'
complete -c dirsyncd -n '__dirsyncd_at init' -l vault-ca-file -r -F -d 'CA of the Vault'
complete -c dirsyncd -n '__dirsyncd_at init' -l vault-domain -x -d 'Directory mapping of the Vault'
complete -c dirsyncd -n '__dirsyncd_at init' -l console-url -x -d 'Console to write to'
complete -c dirsyncd -n '__dirsyncd_at init' -l console-user -x -d 'User that logs on to the console'
complete -c dirsyncd -n '__dirsyncd_at init' -l console-password-file -r -F -d 'File of the password'
complete -c dirsyncd -n '__dirsyncd_at init' -l console-ca-file -r -F -d 'CA of the console'
complete -c dirsyncd -n '__dirsyncd_at init' -l console-role -x -d 'Role of groups that are made'
complete -c dirsyncd -n '__dirsyncd_at init' -l state-dir -r -F -d 'Where the state is kept'
complete -c dirsyncd -n '__dirsyncd_at init' -l output -r -F -d 'File to write'
complete -c dirsyncd -n '__dirsyncd_at init' -l yes -d 'Do not ask'
complete -c dirsyncd -n '__dirsyncd_at init' -l force -d 'Replace a file that is there'

complete -c dirsyncd -n '__dirsyncd_at console' -a list -d 'Groups of the organization'
complete -c dirsyncd -n '__dirsyncd_at console' -a get -d 'One group'
complete -c dirsyncd -n '__dirsyncd_at console' -a users -d 'Who is in a group'
complete -c dirsyncd -n '__dirsyncd_at console' -a create -d 'Create a group'
complete -c dirsyncd -n '__dirsyncd_at console' -a update -d 'Change a group'
complete -c dirsyncd -n '__dirsyncd_at console' -a delete -d 'Delete a group that has no members'
for command in list get users create update delete
    complete -c dirsyncd -n "__dirsyncd_at console $command" -l target -x -d 'Which console'
end
for command in get users update delete
    complete -c dirsyncd -n "__dirsyncd_at console $command" -l id -x -d 'Id of the group, instead of its name'
end
for command in create update
    complete -c dirsyncd -n "__dirsyncd_at console $command" -l role -x -d 'Name of a role, may be repeated'
    complete -c dirsyncd -n "__dirsyncd_at console $command" -l description -x -d 'Its description'
end
complete -c dirsyncd -n '__dirsyncd_at console list' -l name -x -d 'Only names with these letters'
complete -c dirsyncd -n '__dirsyncd_at console list' -l query-type -x -a 'SHOW_CURRENT SHOW_ANCESTORS SHOW_DESCENDANTS SHOW_ALL' \
    -d 'Which organizations'
complete -c dirsyncd -n '__dirsyncd_at console update' -l new-name -x -d 'Rename it'
complete -c dirsyncd -n '__dirsyncd_at console update' -l update-version -x -d 'Refuse unless the group is at this version'
