import DeployTestSupport
import Foundation

/// A moment around one commit of the tool's journal, at which the kernel kills deployctl.
///
/// SQLite syncs its journal twice and the database once, then voids the journal's header and syncs that. Killed as the
/// database is synced, the record is lost and the next reader rolls it back; killed as the voided header is, the record is
/// there and what follows it never happened. Each step commits its intent and its outcome, so these moments are before
/// and after each of both.
struct CrashPoint: CustomStringConvertible {
    enum Side: String { case before, after }

    let commit: Int
    let side: Side

    var description: String { "killed \(side.rawValue) commit \(commit)" }

    /// The moments around every commit, or around each `distance`th.
    static func all(every distance: Int) -> some Sequence<CrashPoint> {
        stride(from: 1, through: 400, by: distance).lazy.flatMap {
            [CrashPoint(commit: $0, side: .before), CrashPoint(commit: $0, side: .after)]
        }
    }

    /// The command before which a program is written to be killed at this moment; `state` is the journal's folder.
    func strace(state: String) -> [String] {
        let (path, calls, count) =
            switch side {
            case .before: ("\(state)/state.db", "fsync,fdatasync", commit)
            case .after: ("\(state)/state.db-journal", "fsync,fdatasync", 3 * commit)
            }
        return [
            "strace", "-qq", "-o", "/dev/null", "-P", path, "-e", "trace=\(calls)", "-e",
            "inject=\(calls):signal=SIGKILL:when=\(count)",
        ]
    }
}

extension ProjectWorld {
    /// Runs deployctl until this moment; the children it started are not touched.
    func run(killedAt point: CrashPoint, _ arguments: [String]) throws -> ProgramRun {
        try runProgram(point.strace(state: "\(project)/.deployctl") + [binary] + arguments)
    }
}
