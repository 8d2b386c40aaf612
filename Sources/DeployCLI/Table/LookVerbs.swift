import DeployCore

extension Verb {
    static let looking: [Verb] =
        planning + [
            Verb(
                "gates", .look, summary: "Show every promotion gate and how to pass it",
                paragraph: "Shows each gate's verdict, the measured value, how to pass it and when it opens.",
                examples: ["deployctl gates", "deployctl gates --json"],
                exits: [.invalidDefinition, .gateRefused]),
            Verb(
                "diff", .look, summary: "Compare staging with production",
                paragraph:
                    "Lists the commits, migrations, tables, columns and definition keys in which staging and production differ.",
                examples: ["deployctl diff", "deployctl diff --json"],
                exits: [.invalidDefinition, .notFound]),
            Verb(
                "history", .look, operands: [Operand(.environment, .optional)],
                summary: "List deployments, newest first",
                paragraph:
                    "Lists deployments with what they made current, who ran them, how long they took and how they ended.",
                examples: ["deployctl history", "deployctl history production -n 5"],
                flags: [
                    .environment,
                    Flag("limit", short: "n", value: .count("N"), "How many to list; default: 20"),
                ],
                exits: [.invalidDefinition, .notFound], aliases: [["releases"]]),
            Verb(
                "show", .look, operands: [Operand(.timestamp, .required)],
                summary: "Show one deployment step by step",
                paragraph:
                    "Shows one deployment, release or backup in full: every step with its time, outcome and last words.",
                examples: ["deployctl show 20261121021530", "deployctl show previous --json"],
                exits: [.invalidDefinition, .notFound]),
            Verb(
                "logs", .look, operands: [Operand(.environment, .required), Operand(.service, .optional)],
                summary: "Show what the services write",
                paragraph: "Shows the last lines of one service or of all, and follows them with --follow.",
                examples: [
                    "deployctl logs staging backend -f", "deployctl logs production -n 200 --since 2h",
                ],
                flags: [
                    .environment, Flag("follow", short: "f", "Keep showing new lines until interrupted"),
                    Flag("lines", short: "n", value: .count("N"), "How many of the last lines; default: 100"),
                    Flag(
                        "since", value: .text("T"), "Only lines since a moment or for a duration such as 2h"),
                ],
                exits: [.invalidDefinition, .notFound, .interrupted]),
            Verb(
                "validate", .look, summary: "Check the definitions and that environments do not collide",
                paragraph: """
                    Reads every definition, names each mistake with file, line and key, and checks that no port, database, \
                    folder, network or secret is shared by accident.
                    """,
                examples: ["deployctl validate", "deployctl validate --environments deploy/environments"],
                exits: [.invalidDefinition]),
            Verb(
                "doctor", .look, summary: "Check the machine: tools, versions, space, permissions",
                paragraph:
                    "Checks that this machine has what this project's definitions need and says how to install what is missing.",
                examples: ["deployctl doctor", "deployctl doctor --isolation", "deployctl doctor --json"],
                flags: [
                    Flag(
                        "isolation",
                        "Try from inside each environment to reach the other's services and database; all must fail"
                    )
                ],
                exits: [.invalidDefinition, .unhealthy]),
        ]
}
