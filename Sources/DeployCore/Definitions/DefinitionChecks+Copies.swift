extension DefinitionChecks {
    /// A copy that does not name the backup copies something else.
    mutating func checkCopies() {
        for (number, item) in (tree["backup"]?["copy"]?.items ?? []).enumerated() {
            let path = "backup.copy[\(number)]"
            if case .list = item.content {
                checkCommand(item, path)
                continue
            }
            if let command = item["command"] { checkCommand(command, "\(path).command") }
            guard let fetch = item["fetch"] else { continue }
            checkWords(of: fetch, "\(path).fetch", known: Braces.fetching)
            if !names("folder", fetch) {
                refuse(
                    fetch, "\(path).fetch", "does not name {folder}, which it is to fill with the copy",
                    "write for example [\"rclone\", \"copy\", \"remote:shop/{timestamp}\", \"{folder}\"]")
            }
        }
    }

    private mutating func checkCommand(_ command: Located, _ path: String) {
        checkWords(of: command, path, known: Braces.copying)
        if !names("backup", command) {
            refuse(
                command, path, "does not name {backup}, the folder to copy",
                "write for example [\"rclone\", \"copy\", \"{backup}\", \"remote:shop/{timestamp}\"]")
        }
    }

    private mutating func checkWords(of command: Located, _ path: String, known: Set<String>) {
        for item in command.items { refuseUnknown(in: item, path, known: known) }
    }

    /// `others`: words in braces that are no slip.
    mutating func refuseUnknown(
        in item: Located, _ path: String, known: Set<String>, but others: Set<String> = []
    ) {
        let list = known.sorted().map { "{\($0)}" }.joined(separator: ", ")
        for word in Braces.words(in: item.text ?? "") where !known.contains(word) && !others.contains(word) {
            refuse(item, path, "{\(Shown.text(word))} stands for nothing here", "write one of \(list)")
        }
    }

    private func names(_ word: String, _ command: Located) -> Bool {
        command.texts.contains { Braces.words(in: $0).contains(word) }
    }
}
