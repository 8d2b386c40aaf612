/// Why a message was not brought.
struct NoticeFailure: Equatable, Sendable {
    let words: String
    /// Whether the same message gets the same answer however often it is sent.
    let isFinal: Bool
    /// How long the address asks not to be asked again; nil where it says nothing.
    let pause: Duration?

    init(_ words: String, isFinal: Bool = false, pause: Duration? = nil) {
        (self.words, self.isFinal, self.pause) = (words, isFinal, pause)
    }

    func scrubbed(by redactor: Redactor) -> NoticeFailure {
        NoticeFailure(redactor.scrub(words), isFinal: isFinal, pause: pause)
    }
}
