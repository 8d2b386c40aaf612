/// Backups, and what a database begins with.
extension WrongDefinition {
    static let included: [WrongDefinition] = [
        .init(
            "a folder in the backup that is not shared",
            "\"shared\": [\"uploads\"], \"backup\": {\"include\": [\"database\", \"upload\"]}",
            at: "backup.include", says: "no shared folder"),
        .init(
            "a backup of files without their rows",
            "\"shared\": [\"uploads\"], \"backup\": {\"include\": [\"uploads\"]}",
            at: "backup.include", says: "leaves the database out"),
        .init(
            "the database's file as a folder",
            "\"shared\": [\"data\"], \"database\": {\"file\": \"data/app.db\"}, "
                + "\"backup\": {\"include\": [\"database\", \"data\"]}",
            at: "backup.include", says: "the folder of the database's file"),
    ]

    static let copied: [WrongDefinition] = [
        .init(
            "a copy of nothing", "\"backup\": {\"copy\": [[\"rclone\", \"sync\", \".\"]]}",
            at: "backup.copy[0]", says: "does not name {backup}"),
        .init(
            "a copy with an unknown word", "\"backup\": {\"copy\": [[\"cp\", \"{backup}\", \"{day}\"]]}",
            at: "backup.copy[0]", says: "{day} stands for nothing"),
        .init(
            "a copy into the folder of the fetch",
            "\"backup\": {\"copy\": [[\"cp\", \"{backup}\", \"{folder}\"]]}",
            at: "backup.copy[0]", says: "{folder} stands for nothing"),
        .init(
            "a fetch that fills nothing",
            "\"backup\": {\"copy\": [{\"command\": [\"cp\", \"{backup}\"], \"fetch\": [\"cp\", \"x\"]}]}",
            at: "backup.copy[0].fetch", says: "does not name {folder}"),
        .init(
            "a copy without command", "\"backup\": {\"copy\": [{\"required\": false}]}",
            at: "backup.copy[0].command", says: "is missing"),
        .init(
            "a copy as a text", "\"backup\": {\"copy\": [\"rclone copy\"]}", at: "backup.copy[0]",
            says: "a list of arguments, or an object"),
    ]

    static let encrypted: [WrongDefinition] = [
        .init(
            "age without identity",
            "\"backup\": {\"encrypt\": {\"with\": \"age\", \"recipients\": [\"age1x\"]}}",
            at: "backup.encrypt.identity", says: "is missing"),
        .init(
            "gpg with identity",
            "\"backup\": {\"encrypt\": {\"with\": \"gpg\", \"recipients\": [\"A1\"], \"identity\": \"x\"}}",
            at: "backup.encrypt.identity", says: "is for age"),
        .init(
            "encryption for nobody", "\"backup\": {\"encrypt\": {\"with\": \"gpg\", \"recipients\": []}}",
            at: "backup.encrypt.recipients", says: "is empty"),
        .init(
            "a recipient that is an option",
            "\"backup\": {\"encrypt\": {\"with\": \"gpg\", \"recipients\": [\"--output\"]}}",
            at: "backup.encrypt.recipients[0]", says: "not beginning with a hyphen"),
        .init(
            "an unknown cipher program",
            "\"backup\": {\"encrypt\": {\"with\": \"zip\", \"recipients\": [\"x\"]}}",
            at: "backup.encrypt.with", says: "must be"),
    ]

    static let filled: [WrongDefinition] = [
        .init(
            "fresh without migrations",
            "\"migrations\": null,\n\"database\": {\"fresh\": {\"from\": \"migrations\"}}",
            at: "database.fresh", says: "needs migrations", line: 3),
        .init(
            "fresh where releases are promoted to",
            "\"promotion\": {\"from\": \"staging\"}, \"database\": {\"fresh\": {\"from\": \"migrations\"}}",
            at: "database.fresh", says: "would empty", environment: "production"),
        .init(
            "fresh from production without a word on masking",
            "\"database\": {\"fresh\": {\"from\": \"production\"}}",
            at: "database.fresh.masked", says: "must not arrive by accident"),
        .init(
            "fresh from nowhere", "\"database\": {\"fresh\": {\"from\": \"producton\", \"masked\": []}}",
            at: "database.fresh.from", says: "there is no environment \"producton\""),
        .init(
            "fresh from itself", "\"database\": {\"fresh\": {\"from\": \"staging\", \"masked\": []}}",
            at: "database.fresh.from", says: "itself"),
        .init(
            "fresh from a file outside", "\"database\": {\"fresh\": {\"from\": \"../seed.sql\"}}",
            at: "database.fresh.from", says: "the path of a .sql file"),
        .init(
            "fresh from a number", "\"database\": {\"fresh\": {\"from\": 5}}",
            at: "database.fresh.from", says: "not a number"),
        .init(
            "fresh without from", "\"database\": {\"fresh\": {}}", at: "database.fresh.from",
            says: "is missing"),
        .init(
            "masked columns that nothing masks",
            "\"database\": {\"fresh\": {\"from\": \"production\",\n\"masked\": [\"users.email\"]}}",
            at: "database.fresh.masked", says: "nothing would mask", line: 3),
        .init(
            "a mask that is no file of SQL",
            "\"database\": {\"fresh\": {\"from\": \"production\", \"masked\": [], \"mask\": [\"mask.py\"]}}",
            at: "database.fresh.mask[0]", says: "a .sql file"),
        .init(
            "a masked table without a column",
            "\"database\": {\"fresh\": {\"from\": \"production\", \"mask\": [\"m.sql\"], \"masked\": [\"users\"]}}",
            at: "database.fresh.masked[0]", says: "a table and a column"),
        .init(
            "masked columns that are no list",
            "\"database\": {\"fresh\": {\"from\": \"production\", \"mask\": [\"m.sql\"], \"masked\": \"users.email\"}}",
            at: "database.fresh.masked", says: "must be a list"),
        .init(
            "a mask for a seed",
            "\"database\": {\"fresh\": {\"from\": \"seed.sql\", \"mask\": [\"m.sql\"]}}",
            at: "database.fresh.mask", says: "only for another environment's backup"),
        .init(
            "an unknown key of fresh",
            "\"database\": {\"fresh\": {\"from\": \"migrations\", \"maskd\": []}}",
            at: "database.fresh.maskd", says: "nearest known key is \"mask"),
    ]
}
