/// What an ssh session asks for, where its key may not start whatever it likes.
///
/// The line is read without a shell: a byte that a shell would do anything with is refused.
public enum KeyRequest: Hashable, Sendable {
    /// What git starts on the machine that it pushes to or fetches from.
    public enum GitService: String, CaseIterable, Sendable {
        case receive = "git-receive-pack"
        case send = "git-upload-pack"
    }

    /// `argument` is as git wrote it, in its quotes.
    case git(GitService, argument: String)
    /// The words after `deployctl`.
    case deployctl([String])

    /// Bytes that a line may have.
    private static let limit = 1 << 16
    private static let harmless = "-_./=:,@%+~^ "

    /// - Throws: `.usage` for a line that is neither.
    public init(_ line: String) throws(DeployError) {
        guard line.utf8.count <= Self.limit else { throw Self.refusal("it is longer than 64 KiB") }
        for service in GitService.allCases {
            guard let argument = line.after("\(service.rawValue) ") else { continue }
            self = .git(service, argument: String(argument))
            return
        }
        let isPlain = line.utf8.allSatisfy {
            $0.isASCIILetter || $0.isDigit || Self.harmless.utf8.contains($0)
        }
        guard isPlain else {
            throw Self.refusal("a word holds a quote, a control sign or another byte that shells read")
        }
        let words = line.split(at: " ").map(String.init)
        guard let program = words.first, program == "deployctl" else {
            throw Self.refusal("it begins with neither deployctl nor a service of git's")
        }
        self = .deployctl(Array(words.dropFirst()))
    }

    /// A path as git writes it on the line it gives to ssh.
    public static func argument(_ path: String) -> String {
        "'\(path.replacing("'", by: "'\\''").replacing("!", by: "'\\!'"))'"
    }

    private static func refusal(_ why: String) -> DeployError {
        DeployError(
            .usage, what: "This key does not run such a line", why: "\(why); nothing was done",
            next: "deployctl help gate-keeper")
    }
}
