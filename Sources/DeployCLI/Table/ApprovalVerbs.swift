import DeployCore

extension Verb {
    private static let release = [Operand(.timestamp, .required)]
    private static let why = Flag("message", short: "m", value: .text("WHY"), "Why, shown by gates")

    static let approving: [Verb] = [
        Verb(
            "approve", .operate, operands: [Operand(.item, .required)],
            summary: "Sign a checklist item, or the release",
            paragraph: """
                Signs an item of the checklist for the release staging runs, or with `release` the release as a whole. \
                A signature is void once the release or a definition changes, or when it expires.
                """,
            examples: ["deployctl approve release", "deployctl approve uploads-work --json"],
            exits: [.invalidDefinition, .gateRefused, .notConfirmed, .notFound]),
        Verb(
            "approvals", .operate, summary: "List what is to be signed and by whom it is",
            paragraph:
                "Lists the checklist and the release with every signature, and whether it counts towards a promotion.",
            examples: ["deployctl approvals", "deployctl approvals --json"],
            exits: [.invalidDefinition, .notFound]),
        Verb(
            "veto", .operate, operands: release, summary: "Forbid the promotion of a release",
            paragraph:
                "Forbids the promotion of a release until `deployctl clear`; a rollback of production does so itself.",
            examples: [
                "deployctl veto 20261121021530 -m slow", "deployctl veto 20261121 -m loses-uploads",
            ],
            flags: [why], exits: [.invalidDefinition, .notFound]),
        Verb(
            "clear", .operate, operands: release, summary: "Lift the veto of a release",
            paragraph: "Lifts every veto of a release, with a reason that stays in the state.",
            examples: [
                "deployctl clear 20261121021530 -m measured-again",
                "deployctl clear 20261121 -m ok",
            ],
            flags: [why], exits: [.invalidDefinition, .notConfirmed, .notFound]),
    ]

    static let hooks = Verb(
        "hooks install", .setUp, summary: "Let git deploy each commit to staging",
        paragraph: """
            Writes a post-commit hook that runs `deployctl staging --detach`, or with --server the post-receive hook \
            of a bare repository. A hook that is there already is never overwritten. With --ci a workflow is printed.
            """,
        examples: ["deployctl hooks install", "deployctl hooks install --ci github"],
        flags: [
            Flag("server", "Write post-receive for the bare repository that the source names"),
            Flag("ci", value: .choice(["github", "gitlab"]), "Print a workflow instead of writing a hook"),
        ],
        exits: [.invalidDefinition, .stepFailed, .notFound])
}
