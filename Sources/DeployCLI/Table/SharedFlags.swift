/// What more than one command understands.
extension Flag {
    static let environment = Flag(
        longs: ["environment", "destination"], shorts: ["e", "d"], value: .environment,
        summary: "The environment meant, instead of the operand ENV")
    static let confirm = Flag(
        "confirm", value: .text("WORD"), "The answer to the confirmation, where no terminal can ask for it")

    static let rehearse = Flag(
        "rehearse",
        "With --dry-run: restore the backup to a scratch database, start the release on it, remove both"
    ).needing(
        dryRun,
        because: "it tries the plan beside everything that serves and changes nothing; without --dry-run"
            + " the plan itself would run")

    static let override = Flag(
        "override", value: .text("GATE"), "Go on against a gate; needs --reason; may be repeated"
    )
    .repeatable
    .ruled("needs --reason", because: "the history keeps who went on against a gate and why") {
        $0.globals.reason?.isBlank == false
    }

    static let dryRun = Flag("dry-run", short: "n", "Show the steps that would run and change nothing")
    static let reason = Flag("reason", value: .text("TEXT"), "Why, for the history")
    private static let verbose = Flag("verbose", short: "v", "Show every program that is run")

    static let everywhere: [Flag] = [
        Flag(
            "project", short: "C", value: .folder("DIR"),
            "The project's folder; default: the nearest with environments/"),
        Flag(
            "environments", value: .folder("DIR"),
            "The folder of definitions, below the project; default: environments"),
        Flag(
            "host", short: "H", value: .text("HOST"),
            "The machine that serves, as ssh knows it, such as deploy@shop.example: the command runs there"),
        Flag("json", "Answer with one JSON object on standard output")
            .ruled(
                "contradicts --progress tty", because: "a program reads JSON and a person a live display"
            ) { $0.globals.progress != .tty },
        Flag("quiet", short: "q", "Show only warnings and errors")
            .contradicting(verbose, because: "one asks for less and the other for more"),
        verbose,
        Flag("no-color", "Use no colour, as the environment variable NO_COLOR does"),
        Flag(
            "progress", value: .choice(["auto", "tty", "plain", "json", "quiet"]),
            "How to show progress on standard error"),
        Flag(
            "lock-wait", value: .optionalSeconds,
            "Wait for a held lock instead of refusing; without SECONDS, 900"),
        reason,
        Flag(
            "idempotency-key", value: .text("KEY"),
            "A repeat with the same key returns the first run's result"),
        Flag("help", short: "h", "Show help and do nothing else"),
        Flag("version", "Show the version and do nothing else"),
    ]
}
