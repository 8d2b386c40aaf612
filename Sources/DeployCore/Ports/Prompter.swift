/// Asks a person, on the terminal only.
public protocol Prompter: Sendable {
    /// Whether there is a terminal to ask on.
    var canAsk: Bool { get }
    /// Throws away what was typed before, shows the question and reads one line; nil at end of input.
    func ask(_ question: String) -> String?
}
