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
    enum Recovery: String { case resume, abort }

    let commit: Int
    let side: Side
    /// How what is left is settled: both in turn, on each side.
    var recovery = Recovery.resume

    var description: String { "killed \(side.rawValue) commit \(commit)" }

    /// Both moments around every commit; of a sample, which has each `distance`th from the middle of the first ones on, one of
    /// them in turn.
    static func all(every distance: Int) -> some Sequence<CrashPoint> {
        stride(from: (distance + 1) / 2, through: 400, by: distance).enumerated().lazy.flatMap {
            number, commit in
            let sides: [Side] = distance == 1 ? [.before, .after] : number % 2 == 0 ? [.before] : [.after]
            let turn = distance == 1 ? number : number / 2
            return sides.map {
                let isForward = (turn % 2 == 0) == ($0 == .before)
                return CrashPoint(commit: commit, side: $0, recovery: isForward ? .resume : .abort)
            }
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
