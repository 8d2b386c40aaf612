import DeployCore
import FoundationEssentials

/// A moment as a person names it: RFC 3339, or how long ago it was.
enum MomentText {
    /// - Throws: `.usage` for anything else; `verb` is the command whose help says more.
    static func date(_ text: String, at now: Date, verb: String) throws(DeployError) -> Date {
        if let moment = UTC.date(rfc3339: text) { return moment }
        if let length = DurationText.parse(text) { return now.addingTimeInterval(-length.seconds) }
        throw DeployError(
            .usage, what: "'\(text)' is neither a moment nor a duration",
            why: "a moment is written 2026-11-21T02:15:30Z, a duration 15m or 2h",
            next: "deployctl help \(verb)")
    }
}
