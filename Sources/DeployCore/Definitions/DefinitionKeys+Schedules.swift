extension DefinitionKeys {
    static let schedule = [
        Key("name", .text(.name), "What status calls it; the words it runs unless set."),
        Key("at", .text(.clock), "Every day at this time; one of \"at\", \"every\" and \"cron\"."),
        Key("every", .text(.positiveDuration), "After so long, again and again; a minute at least."),
        Key(
            "cron", .text(.cron),
            "Minute, hour, day of the month, month, day of the week, as crontab has them."),
        Key("timezone", .text(.timezone), "The zone of \"at\" and \"cron\"; UTC unless set."),
        Key(
            "run", .list(of: .text(.argument), least: 1),
            "A command of deployctl: backup, doctor, status, metrics or audit verify, with its words."),
        Key("service", .text(.name), "With \"command\": the app service whose files and variables it gets."),
        Key(
            "command", .list(of: .text(.argument), least: 1),
            "A program of the application and its arguments."),
    ]
}
