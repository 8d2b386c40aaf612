/// Asks a person, on the terminal only, and takes what was piped where there is none.
public protocol Prompter: Sendable {
    /// Whether there is a terminal to ask on.
    var canAsk: Bool { get }
    /// Throws away what was typed before, shows the question and reads one line; nil at end of input.
    func ask(_ question: String) -> String?
    /// The same for what nobody may see: it is not shown while it is typed.
    func askUnseen(_ question: String) -> String?
    /// All of standard input where that is no terminal, or as much as shows that it is longer than `limit` bytes; nil where it
    /// is one, or cannot be read.
    func piped(limit: Int) -> [UInt8]?
}
