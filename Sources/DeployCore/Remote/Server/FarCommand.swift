/// A program for another machine that deployctl need not be on yet.
///
/// No word of it holds a byte that a shell does anything with, so that whatever shell is there starts just this.
public struct FarCommand: Hashable, Sendable {
    /// Whose program it is there.
    public enum Right: Hashable, Sendable {
        /// Of whoever ssh logged in.
        case login
        case root
        /// Of an account, whose home folder this is.
        case account(String, home: String)
    }

    public let words: [String]
    public let right: Right

    /// - Throws: `.usage` for a word that is not plain.
    public init(_ words: [String], as right: Right = .login) throws(DeployError) {
        if let word = words.first(where: { !Self.isPlain($0) }) {
            throw DeployError(
                .usage, what: "\(Shown.text(word)) cannot be named on another machine",
                why: "what is prepared there may hold letters, digits and -_./=:,@%+ alone",
                next: "deployctl help server prepare")
        }
        (self.words, self.right) = (words, right)
    }

    private static func isPlain(_ word: String) -> Bool {
        !word.isEmpty
            && word.utf8.allSatisfy { $0.isASCIILetter || $0.isDigit || "-_./=:,@%+".utf8.contains($0) }
    }

    /// As it is typed there by that login.
    public func typed(by login: ServerLogin) -> Command {
        let root = login.isRoot ? [] : ["sudo", "-n"]
        let vector =
            switch right {
            case .login: words
            case .root: root + words
            case .account(login.name, _): words
            case .account(let name, let home):
                root + ["runuser", "-u", name, "--", "env", "HOME=\(home)"] + words
            }
        return Command(vector[0], Array(vector.dropFirst()))
    }

    /// Whether it needs more rights than that login has by itself.
    func needsRoot(of login: ServerLogin) -> Bool {
        switch right {
        case .login: false
        case .root: !login.isRoot
        case .account(let name, _): !login.isRoot && name != login.name
        }
    }
}

/// Who ssh logs in there, and on what.
public struct ServerLogin: Hashable, Sendable {
    public let name: String
    public let isRoot: Bool
    /// Whether it becomes root without being asked for anything.
    public let maySudo: Bool
    /// Home folders by account, absolute.
    let homes: [String: String]
    /// Numbers of their own groups by account.
    let groups: [String: String]
    /// `ID` and `ID_LIKE` of os-release.
    let families: [String]
    /// The system's number, such as 12; 0 where it has none.
    let release: Int
    /// As a person knows it, such as `Debian GNU/Linux 12 (bookworm)`.
    public let system: String
    /// As `uname -m` says it.
    public let machine: String
    public let hasSystemd: Bool

    var isUbuntu: Bool { families.contains { $0 == "ubuntu" } }
    var canBeRoot: Bool { isRoot || maySudo }
    /// By what a question is asked that not everybody may ask.
    var best: FarCommand.Right { canBeRoot ? .root : .login }
}
