extension DefinitionKeys {
    static let logs = [
        Key("folder", .text(.relativePath), "Folder of the service logs; logs/<environment> unless set."),
        Key(
            "size", .text(.size),
            "When a log is larger, its beginning becomes a piece of its own, packed; 20MB unless set, 200MB at most."
        ),
        Key("every", .text(.duration), "After so long a smaller log too; 1d unless set."),
        Key("for", .text(.duration), "How long pieces are kept at most; 30d unless set."),
        Key(
            "within", .text(.size),
            "All logs of the environment take at most this much, the oldest pieces go first; 500MB unless set."
        ),
        Key(
            "to", .choice(Environment.LogRules.Target.allCases.map(\.rawValue), later: []),
            "The machine's own log, to which the keeper hands each line on; nowhere unless set."),
    ]
}
