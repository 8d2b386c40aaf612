# fish completion for deployctl; load it with: deployctl completion fish | source

function __deployctl_project
    set -l words (commandline -opc)
    for i in (seq (count $words))
        if contains -- $words[$i] -C --project; and test $i -lt (count $words)
            echo $words[(math $i + 1)]
            return
        end
    end
    echo .
end

function __deployctl_environments
    for file in (__deployctl_project)/environments/*.json
        set -l name (string replace -r '.*/(.*)\.json$' '$1' -- $file)
        test "$name" != base; and echo $name
    end
end

function __deployctl_timestamps
    for folder in (__deployctl_project)/.deployctl/*/releases/* (__deployctl_project)/backups/*/*
        string match -r '[0-9]{14}$' -- $folder
    end | sort -ru
    echo previous
end

# The verb typed so far; the number of operands after it follows a colon.
function __deployctl_place
    set -l verb ""
    set -l operands 0
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch "$verb $word"
            case 'history -n' 'releases -n' 'audit -n' 'logs -n' 'notifications -n' '* --project' '* -C' '* --environments' '* --host' '* -H' '* --progress' '* --reason' '* --idempotency-key' '* --ref' '* --release' '* --confirm' '* --override' '* --environment' '* --destination' '* -e' '* -d' '* --limit' '* --since' '* --lines' '* --grep' '* --output' '* --allow' '* --message' '* -m' '* --sample' '* --name' '* --engine' '* --port' '* --branch' '* --ci'
                set skip 1
                continue
            case '* -*'
                continue
        end
        set -l longer (string trim -- "$verb $word")
        if contains -- $longer 'plan' 'maintenance' 'lock' 'backup' 'certificate' 'hooks' 'boot' 'state' 'staging' 'production' 'rollback' 'status' 'plan staging' 'plan production' 'plan rollback' 'gates' 'diff' 'history' 'releases' 'show' 'audit' 'audit verify' 'logs' 'schedules' 'metrics' 'validate' 'doctor' 'start' 'stop' 'restart' 'exec' 'db' 'notifications' 'notifications send' 'notifications retry' 'notifications test' 'ack' 'maintenance on' 'maintenance off' 'lock show' 'lock acquire' 'lock release' 'resume' 'abort' 'approve' 'approvals' 'veto' 'clear' 'backup create' 'backup list' 'backup verify' 'backup copy' 'backup restore' 'backup pin' 'backup unpin' 'backup prune' 'certificate renew' 'certificate status' 'init' 'hooks install' 'boot install' 'boot remove' 'boot status' 'boot run' 'state restore' 'schema' 'completion' 'man' 'help' 'version'
            set verb $longer
        else
            set operands (math $operands + 1)
        end
    end
    echo "$verb:$operands"
end

function __deployctl_at
    contains -- (__deployctl_place) $argv
end

function __deployctl_in
    contains -- (string replace -r ':.*' '' -- (__deployctl_place)) $argv
end

complete -c deployctl -f
complete -c deployctl -n "__deployctl_at ':0'" -a staging -d 'Build the commit into a release and deploy it to staging'
complete -c deployctl -n "__deployctl_at ':0'" -a production -d 'Promote the release that staging proved'
complete -c deployctl -n "__deployctl_at ':0'" -a rollback -d 'Go back to an earlier release and its backup'
complete -c deployctl -n "__deployctl_at ':0'" -a status -d 'Show both environments, their health and what needs attention'
complete -c deployctl -n "__deployctl_at ':0'" -a plan -d 'More commands'
complete -c deployctl -n "__deployctl_at ':0'" -a gates -d 'Show every promotion gate and how to pass it'
complete -c deployctl -n "__deployctl_at ':0'" -a diff -d 'Compare staging with production'
complete -c deployctl -n "__deployctl_at ':0'" -a history -d 'List deployments, newest first'
complete -c deployctl -n "__deployctl_at ':0'" -a show -d 'Show one deployment step by step'
complete -c deployctl -n "__deployctl_at ':0'" -a audit -d 'List who did what, newest first'
complete -c deployctl -n "__deployctl_at ':0'" -a logs -d 'Show what the services write'
complete -c deployctl -n "__deployctl_at ':0'" -a schedules -d 'List what runs by itself, and how it ended'
complete -c deployctl -n "__deployctl_at ':0'" -a metrics -d 'Measure environments for Prometheus'
complete -c deployctl -n "__deployctl_at ':0'" -a validate -d 'Check the definitions and that environments do not collide'
complete -c deployctl -n "__deployctl_at ':0'" -a doctor -d 'Check the machine: tools, versions, space, permissions'
complete -c deployctl -n "__deployctl_at ':0'" -a start -d 'Start the current release\'s services'
complete -c deployctl -n "__deployctl_at ':0'" -a stop -d 'Stop services'
complete -c deployctl -n "__deployctl_at ':0'" -a restart -d 'Restart services'
complete -c deployctl -n "__deployctl_at ':0'" -a exec -d 'Run a program where a service runs'
complete -c deployctl -n "__deployctl_at ':0'" -a db -d 'Open the database\'s console'
complete -c deployctl -n "__deployctl_at ':0'" -a notifications -d 'List who was told of what, newest first'
complete -c deployctl -n "__deployctl_at ':0'" -a ack -d 'Say that you look after something'
complete -c deployctl -n "__deployctl_at ':0'" -a maintenance -d 'More commands'
complete -c deployctl -n "__deployctl_at ':0'" -a lock -d 'More commands'
complete -c deployctl -n "__deployctl_at ':0'" -a resume -d 'Finish an interrupted run'
complete -c deployctl -n "__deployctl_at ':0'" -a abort -d 'Undo an interrupted run'
complete -c deployctl -n "__deployctl_at ':0'" -a approve -d 'Sign a checklist item, or the release'
complete -c deployctl -n "__deployctl_at ':0'" -a approvals -d 'List what is to be signed, and by whom'
complete -c deployctl -n "__deployctl_at ':0'" -a veto -d 'Forbid the promotion of a release'
complete -c deployctl -n "__deployctl_at ':0'" -a clear -d 'Lift the veto of a release'
complete -c deployctl -n "__deployctl_at ':0'" -a backup -d 'More commands'
complete -c deployctl -n "__deployctl_at ':0'" -a certificate -d 'More commands'
complete -c deployctl -n "__deployctl_at ':0'" -a init -d 'Write the first definitions of the project at hand'
complete -c deployctl -n "__deployctl_at ':0'" -a hooks -d 'More commands'
complete -c deployctl -n "__deployctl_at ':0'" -a boot -d 'More commands'
complete -c deployctl -n "__deployctl_at ':0'" -a state -d 'More commands'
complete -c deployctl -n "__deployctl_at ':0'" -a schema -d 'Print the JSON Schema of the definitions'
complete -c deployctl -n "__deployctl_at ':0'" -a completion -d 'Print a completion script'
complete -c deployctl -n "__deployctl_at ':0'" -a man -d 'Print the manual page'
complete -c deployctl -n "__deployctl_at ':0'" -a help -d 'Explain a command'
complete -c deployctl -n "__deployctl_at ':0'" -a version -d 'Print the version'
complete -c deployctl -n "__deployctl_at ':0'" -a releases -d 'List deployments, newest first'
complete -c deployctl -n "__deployctl_at 'plan:0'" -a staging -d 'Show the steps of a staging deployment'
complete -c deployctl -n "__deployctl_at 'plan:0'" -a production -d 'Show the steps and gates of a promotion'
complete -c deployctl -n "__deployctl_at 'plan:0'" -a rollback -d 'Show the steps of a rollback and what it would lose'
complete -c deployctl -n "__deployctl_at 'audit:0'" -a verify -d 'Prove that the audit log is whole'
complete -c deployctl -n "__deployctl_at 'notifications:0'" -a send -d 'Look for troubles, and send what is due'
complete -c deployctl -n "__deployctl_at 'notifications:0'" -a retry -d 'Try again to send what was given up or waits'
complete -c deployctl -n "__deployctl_at 'notifications:0'" -a test -d 'Send a message to every route of an environment'
complete -c deployctl -n "__deployctl_at 'maintenance:0'" -a on -d 'Show visitors a page instead of the application'
complete -c deployctl -n "__deployctl_at 'maintenance:0'" -a off -d 'Show visitors the application again'
complete -c deployctl -n "__deployctl_at 'lock:0'" -a show -d 'Show who holds an environment'
complete -c deployctl -n "__deployctl_at 'lock:0'" -a acquire -d 'Hold an environment so that nobody deploys to it'
complete -c deployctl -n "__deployctl_at 'lock:0'" -a release -d 'Release a person\'s hold on an environment'
complete -c deployctl -n "__deployctl_at 'backup:0'" -a create -d 'Back up an environment and prove the backup'
complete -c deployctl -n "__deployctl_at 'backup:0'" -a list -d 'List backups, newest first'
complete -c deployctl -n "__deployctl_at 'backup:0'" -a verify -d 'Prove that a backup can be restored'
complete -c deployctl -n "__deployctl_at 'backup:0'" -a copy -d 'Copy a backup off the machine again'
complete -c deployctl -n "__deployctl_at 'backup:0'" -a restore -d 'Put a backup\'s data back'
complete -c deployctl -n "__deployctl_at 'backup:0'" -a pin -d 'Keep a backup whatever the rules say'
complete -c deployctl -n "__deployctl_at 'backup:0'" -a unpin -d 'Let the rules decide on a pinned backup again'
complete -c deployctl -n "__deployctl_at 'backup:0'" -a prune -d 'Remove backups the definition no longer keeps'
complete -c deployctl -n "__deployctl_at 'certificate:0'" -a renew -d 'Renew the certificate, and serve what lies there'
complete -c deployctl -n "__deployctl_at 'certificate:0'" -a status -d 'Show certificates, and when each is renewed'
complete -c deployctl -n "__deployctl_at 'hooks:0'" -a install -d 'Let git deploy each commit to staging'
complete -c deployctl -n "__deployctl_at 'boot:0'" -a install -d 'Keep services running, also after a reboot'
complete -c deployctl -n "__deployctl_at 'boot:0'" -a remove -d 'Keep services running no longer'
complete -c deployctl -n "__deployctl_at 'boot:0'" -a status -d 'Show who keeps services running'
complete -c deployctl -n "__deployctl_at 'boot:0'" -a run -d 'Keep services running until interrupted'
complete -c deployctl -n "__deployctl_at 'state:0'" -a restore -d 'Put back a lost or damaged state'
complete -c deployctl -n "__deployctl_at 'rollback:0'" -a '(__deployctl_timestamps)'
complete -c deployctl -n "__deployctl_at 'status:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'plan rollback:0'" -a '(__deployctl_timestamps)'
complete -c deployctl -n "__deployctl_at 'history:0' 'releases:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'show:0'" -a '(__deployctl_timestamps)'
complete -c deployctl -n "__deployctl_at 'audit:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'logs:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'schedules:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'metrics:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'start:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'stop:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'restart:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'exec:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'db:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'notifications:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'notifications test:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'maintenance on:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'maintenance off:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'lock show:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'lock acquire:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'lock release:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'resume:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'abort:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'veto:0'" -a '(__deployctl_timestamps)'
complete -c deployctl -n "__deployctl_at 'clear:0'" -a '(__deployctl_timestamps)'
complete -c deployctl -n "__deployctl_at 'backup create:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'backup list:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'backup verify:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'backup verify:1'" -a '(__deployctl_timestamps)'
complete -c deployctl -n "__deployctl_at 'backup copy:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'backup copy:1'" -a '(__deployctl_timestamps)'
complete -c deployctl -n "__deployctl_at 'backup restore:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'backup restore:1'" -a '(__deployctl_timestamps)'
complete -c deployctl -n "__deployctl_at 'backup pin:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'backup pin:1'" -a '(__deployctl_timestamps)'
complete -c deployctl -n "__deployctl_at 'backup unpin:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'backup unpin:1'" -a '(__deployctl_timestamps)'
complete -c deployctl -n "__deployctl_at 'backup prune:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'certificate renew:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'certificate status:0'" -a '(__deployctl_environments)'
complete -c deployctl -n "__deployctl_at 'completion:0'" -a 'bash zsh fish'
complete -c deployctl -n "__deployctl_at 'help:0'" -a 'staging production rollback status plan gates diff history show audit logs schedules metrics validate doctor start stop restart exec db notifications ack maintenance lock resume abort approve approvals veto clear backup certificate init hooks boot state schema completion man help version releases'
complete -c deployctl -s C -l project -r -F -d 'The project\'s folder; default: the nearest with environments/'
complete -c deployctl -l environments -r -F -d 'The folder of definitions, below the project; default: environments'
complete -c deployctl -s H -l host -x -d 'The machine that serves, as ssh knows it, such as deploy@shop.example: the command runs there'
complete -c deployctl -l json -d 'Answer with one JSON object on standard output'
complete -c deployctl -s q -l quiet -d 'Show only warnings and errors'
complete -c deployctl -s v -l verbose -d 'Show every program that is run'
complete -c deployctl -l no-color -d 'Use no colour, as the environment variable NO_COLOR does'
complete -c deployctl -l progress -x -a 'auto tty plain json quiet' -d 'How to show progress on standard error'
complete -c deployctl -l lock-wait -d 'Wait for a held lock instead of refusing; without SECONDS, 900'
complete -c deployctl -l reason -x -d 'Why, for the history'
complete -c deployctl -l idempotency-key -x -d 'A repeat with the same key returns the first run\'s result'
complete -c deployctl -s h -l help -d 'Show help and do nothing else'
complete -c deployctl -l version -d 'Show the version and do nothing else'
complete -c deployctl -n "__deployctl_in 'staging'" -l ref -x -d 'The commit, branch or tag to build; default: HEAD'
complete -c deployctl -n "__deployctl_in 'staging'" -l detach -d 'Return at once; the run goes on and writes a log'
complete -c deployctl -n "__deployctl_in 'staging'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'production'" -l release -x -a '(__deployctl_timestamps)' -d 'The release to promote; default: the one staging runs'
complete -c deployctl -n "__deployctl_in 'production'" -l confirm -x -d 'The answer to the confirmation, where no terminal can ask for it'
complete -c deployctl -n "__deployctl_in 'production'" -l override -x -d 'Go on against a gate; needs --reason; may be repeated'
complete -c deployctl -n "__deployctl_in 'production'" -l unproved-backup -d 'Go on after a proof failed, to repair the database; needs --reason'
complete -c deployctl -n "__deployctl_in 'production'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'rollback'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'rollback'" -l code-only -d 'Leave the data as it is'
complete -c deployctl -n "__deployctl_in 'rollback'" -l data-only -d 'Leave the code as it is'
complete -c deployctl -n "__deployctl_in 'rollback'" -l confirm -x -d 'The answer to the confirmation, where no terminal can ask for it'
complete -c deployctl -n "__deployctl_in 'rollback'" -l skip-safety-backup -d 'Do not back up the present data first; needs --reason'
complete -c deployctl -n "__deployctl_in 'rollback'" -l rehearse -d 'With --dry-run: restore the backup to a scratch database, start the release on it, remove both'
complete -c deployctl -n "__deployctl_in 'rollback'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'status'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'status'" -l watch -d 'Show it again every few seconds until interrupted'
complete -c deployctl -n "__deployctl_in 'plan staging'" -l ref -x -d 'The commit, branch or tag to build; default: HEAD'
complete -c deployctl -n "__deployctl_in 'plan staging'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'plan production'" -l release -x -a '(__deployctl_timestamps)' -d 'The release to promote; default: the one staging runs'
complete -c deployctl -n "__deployctl_in 'plan production'" -l confirm -x -d 'The answer to the confirmation, where no terminal can ask for it'
complete -c deployctl -n "__deployctl_in 'plan production'" -l override -x -d 'Go on against a gate; needs --reason; may be repeated'
complete -c deployctl -n "__deployctl_in 'plan production'" -l unproved-backup -d 'Go on after a proof failed, to repair the database; needs --reason'
complete -c deployctl -n "__deployctl_in 'plan production'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'plan rollback'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'plan rollback'" -l code-only -d 'Leave the data as it is'
complete -c deployctl -n "__deployctl_in 'plan rollback'" -l data-only -d 'Leave the code as it is'
complete -c deployctl -n "__deployctl_in 'plan rollback'" -l confirm -x -d 'The answer to the confirmation, where no terminal can ask for it'
complete -c deployctl -n "__deployctl_in 'plan rollback'" -l skip-safety-backup -d 'Do not back up the present data first; needs --reason'
complete -c deployctl -n "__deployctl_in 'plan rollback'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'history' 'releases'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'history' 'releases'" -s n -l limit -x -d 'How many to list; default: 20'
complete -c deployctl -n "__deployctl_in 'audit'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'audit'" -s n -l limit -x -d 'How many to list; default: 20'
complete -c deployctl -n "__deployctl_in 'audit'" -l since -x -d 'Only what was done since a moment or for a duration such as 7d'
complete -c deployctl -n "__deployctl_in 'logs'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'logs'" -s f -l follow -d 'Keep showing new lines until interrupted'
complete -c deployctl -n "__deployctl_in 'logs'" -s n -l lines -x -d 'How many of the last lines; default: 100'
complete -c deployctl -n "__deployctl_in 'logs'" -l since -x -d 'Only lines since a moment or for a duration such as 2h'
complete -c deployctl -n "__deployctl_in 'logs'" -l grep -x -d 'Only lines that hold a text, as it is typed'
complete -c deployctl -n "__deployctl_in 'logs'" -l previous -d 'What was written while the release before this one served'
complete -c deployctl -n "__deployctl_in 'logs'" -l access -d 'Show the requests at the public ports instead'
complete -c deployctl -n "__deployctl_in 'schedules'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'metrics'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'metrics'" -l output -x -d 'Replace this file instead of printing; relative to the project'
complete -c deployctl -n "__deployctl_in 'metrics'" -l rules -d 'Print alert rules for Prometheus instead'
complete -c deployctl -n "__deployctl_in 'metrics'" -l dashboard -d 'Print a dashboard for Grafana instead'
complete -c deployctl -n "__deployctl_in 'doctor'" -l isolation -d 'Try from inside each environment to reach the other\'s services and database; all must fail'
complete -c deployctl -n "__deployctl_in 'start'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'start'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'stop'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'stop'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'restart'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'restart'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'exec'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'db'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'db'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'notifications'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'notifications'" -s n -l limit -x -d 'How many to list; default: 20'
complete -c deployctl -n "__deployctl_in 'notifications test'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'maintenance on'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'maintenance on'" -l allow -x -d 'An address whose visitors see the application; may be repeated'
complete -c deployctl -n "__deployctl_in 'maintenance on'" -s m -l message -x -d 'Why, shown by status and kept in the audit log'
complete -c deployctl -n "__deployctl_in 'maintenance off'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'maintenance off'" -s m -l message -x -d 'Why, shown by status and kept in the audit log'
complete -c deployctl -n "__deployctl_in 'lock show'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'lock acquire'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'lock acquire'" -s m -l message -x -d 'Why, shown to whoever meets the lock'
complete -c deployctl -n "__deployctl_in 'lock release'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'lock release'" -s m -l message -x -d 'Why, shown to whoever meets the lock'
complete -c deployctl -n "__deployctl_in 'resume'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'resume'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'abort'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'abort'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'veto'" -s m -l message -x -d 'Why, shown by gates'
complete -c deployctl -n "__deployctl_in 'clear'" -s m -l message -x -d 'Why, shown by gates'
complete -c deployctl -n "__deployctl_in 'backup create'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'backup create'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'backup list'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'backup verify'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'backup verify'" -l all -d 'Verify every backup of the environment'
complete -c deployctl -n "__deployctl_in 'backup verify'" -l sample -x -d 'Verify the N that were tried least recently'
complete -c deployctl -n "__deployctl_in 'backup verify'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'backup copy'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'backup copy'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'backup restore'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'backup restore'" -l confirm -x -d 'The answer to the confirmation, where no terminal can ask for it'
complete -c deployctl -n "__deployctl_in 'backup restore'" -l rehearse -d 'With --dry-run: restore the backup to a scratch database, start the release on it, remove both'
complete -c deployctl -n "__deployctl_in 'backup restore'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'backup pin'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'backup pin'" -s m -l message -x -d 'Why it is kept, shown by backup list'
complete -c deployctl -n "__deployctl_in 'backup pin'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'backup unpin'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'backup unpin'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'backup prune'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'backup prune'" -l yes -d 'Remove them instead of listing them'
complete -c deployctl -n "__deployctl_in 'backup prune'" -l uncopied -d 'Also those of which no copy exists, though "backup.copy" is set'
complete -c deployctl -n "__deployctl_in 'backup prune'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'certificate renew'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'certificate renew'" -l force -d 'Ask also where it is not due yet, and though the authority refused lately'
complete -c deployctl -n "__deployctl_in 'certificate status'" -s e -s d -l environment -l destination -x -a '(__deployctl_environments)' -d 'The environment meant, instead of the operand ENV'
complete -c deployctl -n "__deployctl_in 'init'" -s y -l yes -d 'Ask nothing: take what was found and what is usual'
complete -c deployctl -n "__deployctl_in 'init'" -l name -x -d 'The project\'s name; default: the folder\'s'
complete -c deployctl -n "__deployctl_in 'init'" -l engine -x -a 'sqlite mysql postgresql none' -d 'The database\'s product; default: what the code speaks to'
complete -c deployctl -n "__deployctl_in 'init'" -l port -x -d 'Where staging answers; production gets the next free one'
complete -c deployctl -n "__deployctl_in 'init'" -l branch -x -d 'Whose commits may go to production; default: this one'
complete -c deployctl -n "__deployctl_in 'init'" -l check -d 'Build and start what listens of the newest commit once, beside everything, and remove it again'
complete -c deployctl -n "__deployctl_in 'init'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'hooks install'" -l server -d 'Write post-receive for the bare repository that the source names'
complete -c deployctl -n "__deployctl_in 'hooks install'" -l ci -x -a 'github gitlab' -d 'Print a workflow instead of writing a hook'
complete -c deployctl -n "__deployctl_in 'hooks install'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
complete -c deployctl -n "__deployctl_in 'boot install'" -s n -l dry-run -d 'Show the steps that would run and change nothing'
