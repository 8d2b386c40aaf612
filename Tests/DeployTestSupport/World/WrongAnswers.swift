/// What is not the word CONFIRM, however near it comes.
public enum WrongAnswers {
    public static let all: [String] = {
        var answers = [
            "", " ", "confirm", "Confirm", "CONFIRM ", " CONFIRM", "CONFIRM\t", "CONFIRM.", "CONFIRMED",
            "CONFIR",
            "CONFIRMCONFIRM", "\"CONFIRM\"", "'CONFIRM'", "yes", "y", "Y", "YES", "ok", "true", "1",
            "--confirm CONFIRM",
            "CONFIRM CONFIRM", "C ONFIRM", "\u{1B}[200~CONFIRM\u{1B}[201~", "\u{1B}[200~CONFIRM",
            "CONFIRM\u{1B}[201~",
            "\u{FEFF}CONFIRM", "CONFIRM\u{200B}", "CON\u{200D}FIRM", "CONF\u{0406}RM", "\u{0421}ONFIRM",
            "C\u{039F}NFIRM",
            "CO\u{039D}FIRM", "CONFIR\u{041C}", "\u{FF23}\u{FF2F}\u{FF2E}\u{FF26}\u{FF29}\u{FF32}\u{FF2D}",
            "CONFIRM\u{0301}", "\u{202E}MRIFNOC", "\u{00A0}CONFIRM", "CONFIRM\u{00A0}", "CONFIRM\u{2028}",
            "CONFIRM\u{0B}",
            "CONFIRM\u{0C}", "CONFIRM\u{07}", "\u{1B}CONFIRM", "CONFIRM;", "CONFIRM\\n", "$(echo CONFIRM)",
            "`CONFIRM`",
            "%43ONFIRM", "&#67;ONFIRM", "CONFIRM#", "CONFIRM/production", "production", "staging",
            "PRODUCTION",
            "sudo CONFIRM", "!!", "no", "NO", "cancel", "CONFIRM!", "CONFIRM?", "CONFIRM,", "(CONFIRM)",
            "=CONFIRM",
            "CONFIRM=1", "CONFIRM -y", "-CONFIRM", "C\u{0301}ONFIRM",
        ]
        let word = Array("CONFIRM")
        for index in word.indices {
            var lower = word
            lower[index] = Character(lower[index].lowercased())
            answers.append(String(lower))
            var missing = word
            missing.remove(at: index)
            answers.append(String(missing))
            var double = word
            double.insert(word[index], at: index)
            answers.append(String(double))
        }
        return answers
    }()
}
