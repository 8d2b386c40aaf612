/// Why a message was not brought.
struct NoticeFailure: Equatable, Sendable {
    let words: String
    /// Whether the same message gets the same answer however often it is sent.
    let isFinal: Bool

    init(_ words: String, isFinal: Bool = false) { (self.words, self.isFinal) = (words, isFinal) }

    func scrubbed(by redactor: Redactor) -> NoticeFailure {
        NoticeFailure(redactor.scrub(words), isFinal: isFinal)
    }
}
