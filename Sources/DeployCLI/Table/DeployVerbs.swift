import DeployCore

extension Verb {
    static let changing: [ExitCode] = [
        .invalidDefinition, .locked, .stepFailed, .needsPerson, .notFound, .unfinishedRun, .hungUp,
        .interrupted,
        .terminated,
    ]

    private static let stagingFlags = [
        Flag("ref", value: .text("REF"), "The commit, branch or tag to build; default: HEAD")
    ]
    private static let productionFlags = [
        Flag("release", value: .timestamp, "The release to promote; default: the one staging runs"), .confirm,
        Flag.override,
    ]
    private static let rollbackFlags = [
        Flag.environment,
        Flag("code-only", "Leave the data as it is"),
        Flag("data-only", "Leave the code as it is"),
        .confirm,
        Flag("skip-safety-backup", "Do not back up the present data first; needs --reason"),
    ]

    static let deploying: [Verb] = [
        Verb(
            "staging", .deploy, summary: "Build the commit into a release and deploy it to staging",
            paragraph: """
                Builds the commit once into a release, migrates the database, starts the release beside the old one \
                and moves traffic when it is healthy. When anything fails before that, the old release keeps serving.
                """,
            examples: ["deployctl staging", "deployctl staging --ref feature/labels --dry-run"],
            flags: stagingFlags + [
                Flag("detach", "Return at once; the run goes on and writes a log")
            ], exits: changing + [.gateRefused, .backupFailed]),
        Verb(
            "production", .deploy, summary: "Promote the release that staging proved",
            paragraph: """
                Promotes the very artefact that staging runs. Every gate must pass, a person confirms the plan shown, \
                and a backup is made and proved by restoring it before anything changes.
                """,
            examples: [
                "deployctl production", "deployctl production --release 20261121021530 --confirm CONFIRM",
            ],
            flags: productionFlags, exits: changing + [.gateRefused, .notConfirmed, .backupFailed]),
        Verb(
            "rollback", .deploy, operands: [Operand(.timestamp, .optional)],
            summary: "Go back to an earlier release and its backup",
            paragraph: """
                Takes code and data back as one. TS names a release, a deployment or a backup; without it the \
                candidates are listed. The plan says what would be lost before anything is asked, and the present data \
                is backed up first. With --dry-run --rehearse the backup is really restored to a scratch database and the \
                release really started on it, beside everything that serves.
                """,
            examples: [
                "deployctl rollback 20261121021530",
                "deployctl rollback previous --environment staging --code-only",
                "deployctl rollback 20261121021530 --dry-run --rehearse",
            ],
            flags: rollbackFlags + [.rehearse],
            exits: changing + [.gateRefused, .notConfirmed, .backupFailed]),
        Verb(
            "status", .deploy, operands: [Operand(.environment, .optional)],
            summary: "Show both environments, their health and what needs attention",
            paragraph: """
                Shows each environment's release, services, health, last deployment, last backup, drift and unfinished \
                runs, and whether the next promotion is ready.
                """,
            examples: ["deployctl status", "deployctl status production --json"],
            flags: [.environment, Flag("watch", "Show it again every few seconds until interrupted")],
            exits: [.invalidDefinition, .notFound, .unfinishedRun, .unhealthy, .interrupted]),
    ]

    static let planning: [Verb] = [
        Verb(
            "plan staging", .look, summary: "Show the steps of a staging deployment",
            paragraph:
                "Shows the steps that `deployctl staging` would run, with their commands, and changes nothing.",
            examples: ["deployctl plan staging", "deployctl plan staging --ref main --json"],
            flags: stagingFlags, exits: [.invalidDefinition, .notFound, .unfinishedRun]),
        Verb(
            "plan production", .look, summary: "Show the steps and gates of a promotion",
            paragraph: """
                Shows the steps that `deployctl production` would run, every gate's verdict, and in which tables and \
                columns production differs from staging, and changes nothing. \
                With --json the answer carries the plan id that --confirm can name.
                """,
            examples: [
                "deployctl plan production", "deployctl plan production --release 20261121021530 --json",
            ],
            flags: productionFlags, exits: [.invalidDefinition, .gateRefused, .notFound, .unfinishedRun]),
        Verb(
            "plan rollback", .look, operands: [Operand(.timestamp, .optional)],
            summary: "Show the steps of a rollback and what it would lose",
            paragraph:
                "Shows the steps that `deployctl rollback` would run and what would be lost, and changes nothing.",
            examples: [
                "deployctl plan rollback 20261121021530", "deployctl plan rollback previous --data-only",
            ],
            flags: rollbackFlags, exits: [.invalidDefinition, .notFound, .unfinishedRun]),
    ]
}
