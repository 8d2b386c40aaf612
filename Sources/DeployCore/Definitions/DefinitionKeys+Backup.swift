extension DefinitionKeys {
    static let backup = [
        Key(
            "beforeDeploy", .flag,
            "Whether each deployment needs a new backup; true where promoted to, unless set."),
        Key(
            "verify", .choice(Environment.BackupRules.Verification.allCases.map(\.rawValue), later: []),
            "How a backup is proved before it counts; restore unless set."),
        Key("directory", .text(.path), "Folder of the backups; backups/<environment> unless set."),
        Key("keep", .object(keep), "Which backups stay."),
        Key(
            "include", .list(of: .text(.relativePath), least: 1),
            "What a backup holds: database, and names of shared folders; the database alone unless set."),
        Key("encrypt", .object(encrypt), "For whom the files of a backup are encrypted; plain unless set."),
        Key(
            "copy", .list(of: .argumentsOrObject(arguments, copy), least: 0),
            "How a proved backup is brought off the machine, each by a program of the project."),
    ]

    private static let encrypt = [
        Key(
            "with", .choice(Environment.BackupRules.Encryption.Tool.allCases.map(\.rawValue), later: []),
            "The program that encrypts.", required: true),
        Key(
            "recipients", .list(of: .text(.recipient), least: 1),
            "Who can decrypt them: age's public keys, or ids of keys in gpg's key ring.", required: true),
        Key(
            "identity", .text(.secretPath),
            "age: the file with the key that proofs and rollbacks decrypt with; only its owner may read it."),
    ]

    private static let copy = [
        Key(
            "command", arguments, "Copies {backup}, the backup's folder; {timestamp} and {environment} too.",
            required: true),
        Key("fetch", arguments, "Brings the copy back into {folder}, which is compared with the backup."),
        Key("required", .flag, "Whether nothing is deployed when it fails; true unless set."),
    ]

    private static let keep = [
        Key("last", .integer(1...10_000), "The newest so many stay; 5 unless set."),
        Key("for", .text(.positiveDuration), "Younger ones stay."),
        Key("within", .text(.size), "All together take at most this much."),
        Key("daily", .integer(1...10_000), "The newest of each of so many days that have one stay."),
        Key("weekly", .integer(1...10_000), "The newest of each of so many weeks that have one stay."),
        Key("monthly", .integer(1...10_000), "The newest of each of so many months that have one stay."),
    ]
}
