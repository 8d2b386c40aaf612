/// Command lines for the system's ssh; data only.
///
/// Whom it trusts, by which key and over which machines it goes is its own configuration's.
public enum SSHCommands {
    private static let patience = [
        "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=8",
    ]
    /// For a call that nobody sees: it asks for nothing.
    private static let silent = ["-T", "-o", "BatchMode=yes"]

    /// Runs deployctl there, with these words; `onTerminal`: on this terminal, as if one sat there.
    public static func deployctl(_ words: [String], on target: String, onTerminal: Bool) -> Command {
        let line = (["deployctl"] + words.map(FarWord.encoded)).joined(separator: " ")
        let manner = onTerminal ? ["-t", "-o", "LogLevel=ERROR"] : silent
        return Command("ssh", manner + patience + ["--", target, line])
    }

    /// Runs a line there that no shell does anything with; nobody sees it.
    static func plain(_ line: String, on target: String) -> Command {
        Command("ssh", silent + patience + ["--", target, line])
    }

    /// As git calls it.
    static let forGit = (["ssh"] + silent.dropFirst() + patience).joined(separator: " ")
}
