/// Words as a POSIX shell reads them.
public enum ShellText {
    /// One word, in quotes where it needs them.
    public static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy {
            $0.isASCIILetter || $0.isDigit || "-_./=:,@%+^".utf8.contains($0)
        }
        return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", by: "'\\''"))'"
    }
}
