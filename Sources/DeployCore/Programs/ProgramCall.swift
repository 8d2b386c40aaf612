/// A program a step starts, as its plan prints it.
///
/// What is known only while the step runs has a name in braces: `{port}` stands for a part of a word, `{arguments…}`
/// for any number of words.
public struct ProgramCall: Hashable, Sendable {
    public let command: Command
    /// When it is started, as the words after "when"; nil: whenever the step has anything to do.
    public private(set) var condition: String?
    /// The same in other words, where the machine does not have the program that is printed.
    private let spellings: [Command]

    init(_ command: Command, or spellings: [Command] = []) {
        self.command = command
        self.spellings = spellings
    }

    /// The same, started only when this holds too.
    func when(_ condition: String) -> ProgramCall {
        var call = self
        call.condition = self.condition.map { "\(condition), and \($0)" } ?? condition
        return call
    }

    /// Whether a command is this one, its names filled in.
    func fits(_ command: Command) -> Bool {
        ([self.command] + spellings).contains { Self.fits(command.vector[...], $0.vector[...]) }
    }

    private static func fits(_ words: ArraySlice<String>, _ pattern: ArraySlice<String>) -> Bool {
        guard let first = pattern.first else { return words.isEmpty }
        let rest = pattern.dropFirst()
        if first.begins(with: "{"), first.ends(with: "…}") {
            return (words.startIndex...words.endIndex).contains { fits(words[$0...], rest) }
        }
        guard let word = words.first, Pattern.matches(word, around: Braces.parts(around: first)) else {
            return false
        }
        return fits(words.dropFirst(), rest)
    }
}

extension [Command] {
    /// Each, whenever the step has anything to do.
    var calls: [ProgramCall] { map { ProgramCall($0) } }
}

extension [ProgramCall] {
    /// The same, started only when this holds too.
    func when(_ condition: String) -> [ProgramCall] { map { $0.when(condition) } }
}
