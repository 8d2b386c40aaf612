import DeployCore

extension Verb {
    private static let place = [Operand(.environment, .required)]
    private static let service = [Operand(.environment, .required), Operand(.service, .optional)]
    private static let message = Flag(
        "message", short: "m", value: .text("WHY"), "Why, shown to whoever meets the lock")

    static let operating: [Verb] = [
        Verb(
            "start", .operate, operands: service, summary: "Start the current release's services",
            paragraph:
                "Starts one service or all of them without changing the release, and waits until they are healthy.",
            examples: ["deployctl start staging", "deployctl start production backend"],
            flags: [.environment], exits: changing),
        Verb(
            "stop", .operate, operands: service, summary: "Stop services",
            paragraph:
                "Stops one service or all of them without changing the release. What data services keep stays.",
            examples: ["deployctl stop staging", "deployctl stop staging backend"],
            flags: [.environment], exits: changing),
        Verb(
            "restart", .operate, operands: service, summary: "Restart services",
            paragraph: "Stops and starts one service or all of them without changing the release.",
            examples: ["deployctl restart staging", "deployctl restart production backend"],
            flags: [.environment], exits: changing),
        Verb(
            "exec", .operate,
            operands: [
                Operand(.environment, .required), Operand(.service, .required), Operand(.program, .repeating),
            ],
            summary: "Run a program where a service runs",
            paragraph: """
                Runs a program in the service's container, or in its release's folder with its variables, on this \
                terminal. The exit code is the program's.
                """,
            examples: [
                "deployctl exec staging backend -- sh", "deployctl exec production backend -- node --version",
            ],
            exits: [.invalidDefinition, .stepFailed, .notFound]),
        Verb(
            "db", .operate, operands: place, summary: "Open the database's console",
            paragraph:
                "Opens the console of the environment's database with its credentials, which are never arguments. The exit code is the console's.",
            examples: ["deployctl db staging", "deployctl db production"],
            flags: [.environment], exits: [.invalidDefinition, .stepFailed, .notFound]),
        Verb(
            "lock show", .operate, operands: [Operand(.environment, .optional)],
            summary: "Show who holds an environment",
            paragraph: "Shows whether a run or a person holds an environment, since when and why.",
            examples: ["deployctl lock show", "deployctl lock show production"],
            flags: [.environment], exits: [.invalidDefinition, .notFound]),
        Verb(
            "lock acquire", .operate, operands: place,
            summary: "Hold an environment so that nobody deploys to it",
            paragraph:
                "Takes a person's hold on an environment; deployments are refused with exit code 11 until it is released.",
            examples: ["deployctl lock acquire production -m stocktaking", "deployctl lock acquire staging"],
            flags: [.environment, message], exits: [.invalidDefinition, .locked, .notFound]),
        Verb(
            "lock release", .operate, operands: place, summary: "Release a person's hold on an environment",
            paragraph:
                "Releases a hold taken with `deployctl lock acquire`; a run's own lock ends with the run.",
            examples: ["deployctl lock release production", "deployctl lock release staging -m done"],
            flags: [.environment, message], exits: [.invalidDefinition, .locked, .notFound]),
        Verb(
            "resume", .operate, operands: place, summary: "Finish an interrupted run",
            paragraph:
                "Continues an interrupted run where it stopped: finished steps are skipped, the one in doubt is repeated.",
            examples: ["deployctl resume production", "deployctl resume staging --progress plain"],
            flags: [.environment], exits: changing + [.backupFailed]),
        Verb(
            "abort", .operate, operands: place, summary: "Undo an interrupted run",
            paragraph:
                "Undoes what an interrupted run has done, so that the environment is as it was before the run.",
            examples: ["deployctl abort production", "deployctl abort staging --reason \"wrong branch\""],
            flags: [.environment], exits: changing),
    ]

    private static let pinReason = Flag(
        "message", short: "m", value: .text("WHY"), "Why it is kept, shown by backup list")

    private static let copy = Operand(.timestamp, .optional)

    static let backups: [Verb] = [
        Verb(
            "backup create", .operate, operands: place,
            summary: "Back up an environment and prove the backup",
            paragraph:
                "Makes a backup under the same rules as a deployment does; it is listed only when it is complete and proved.",
            examples: ["deployctl backup create production", "deployctl backup create -e staging --json"],
            flags: [.environment],
            exits: [
                .invalidDefinition, .locked, .backupFailed, .notFound, .unfinishedRun, .hungUp, .interrupted,
                .terminated,
            ]),
        Verb(
            "backup list", .operate, operands: [Operand(.environment, .optional)],
            summary: "List backups, newest first",
            paragraph: "Lists backups with their size, how they were proved and which release they protect.",
            examples: ["deployctl backup list", "deployctl backup list production --json"],
            flags: [.environment], exits: [.invalidDefinition, .notFound]),
        Verb(
            "backup verify", .operate, operands: place + [copy],
            summary: "Prove that a backup can be restored",
            paragraph: """
                Restores a backup into a scratch place and compares it with its manifest. Without TS: the newest. One \
                that is damaged is marked and ends with 19; one that could not be looked at, because a server or a \
                program is missing, is left as it is and ends with 15.
                """,
            examples: [
                "deployctl backup verify production", "deployctl backup verify production --all",
                "deployctl backup verify production --sample 3",
            ],
            flags: [
                .environment, Flag("all", "Verify every backup of the environment"),
                Flag("sample", value: .count("N"), "Verify the N that were tried least recently"),
            ],
            exits: [.invalidDefinition, .locked, .stepFailed, .notFound, .unhealthy, .interrupted]),
        Verb(
            "backup copy", .operate, operands: place + [copy],
            summary: "Copy a backup off the machine again",
            paragraph: """
                Runs the definition's "backup.copy" for a backup once more and compares what can be fetched back. Without \
                TS: the newest that is not copied yet.
                """,
            examples: [
                "deployctl backup copy production", "deployctl backup copy production 20261121021530",
            ],
            flags: [.environment],
            exits: [
                .invalidDefinition, .locked, .backupFailed, .notFound, .unfinishedRun, .hungUp, .interrupted,
                .terminated,
            ]),
        Verb(
            "backup restore", .operate, operands: place + [Operand(.timestamp, .required)],
            summary: "Put a backup's data back",
            paragraph: """
                Restores a backup beside the live data, compares it with its manifest and swaps it in; the code \
                stays. The present data is backed up first.
                """,
            examples: [
                "deployctl backup restore staging 20261121021530",
                "deployctl backup restore production 20261121021530 --confirm CONFIRM",
            ],
            flags: [.environment, .confirm, .rehearse], exits: changing + [.notConfirmed, .backupFailed]),
        Verb(
            "backup pin", .operate, operands: place + [Operand(.timestamp, .required)],
            summary: "Keep a backup whatever the rules say",
            paragraph: "Pins a backup with a reason; it is never pruned until `deployctl backup unpin`.",
            examples: [
                "deployctl backup pin production 20261121021530 -m audit",
                "deployctl backup pin staging 20261121021530 --reason incident",
            ],
            flags: [.environment, pinReason], exits: [.invalidDefinition, .locked, .notFound]),
        Verb(
            "backup unpin", .operate, operands: place + [Operand(.timestamp, .required)],
            summary: "Let the rules decide on a pinned backup again",
            paragraph: "Takes a pin away; the backup stays until a rule of the definition lets it go.",
            examples: [
                "deployctl backup unpin production 20261121021530",
                "deployctl backup unpin staging 20261121021530 --json",
            ],
            flags: [.environment], exits: [.invalidDefinition, .locked, .notFound]),
        Verb(
            "backup prune", .operate, operands: place,
            summary: "Remove backups the definition no longer keeps",
            paragraph: """
                Lists the backups that no rule keeps, which nobody can go back to then, and removes them with --yes. The \
                newest, pinned ones, and those a kept release needs always stay. Where "backup.copy" is set, so does a \
                good one of which no copy exists, unless --uncopied is given.
                """,
            examples: ["deployctl backup prune production", "deployctl backup prune production --yes"],
            flags: [
                .environment, Flag("yes", "Remove them instead of listing them"),
                Flag("uncopied", "Also those of which no copy exists, though \"backup.copy\" is set"),
            ],
            exits: [.invalidDefinition, .locked, .notFound]),
    ]
}
