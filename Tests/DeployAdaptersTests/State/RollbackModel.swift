@testable import DeployCore

/// What a rollback has to find, as plain lists in the order things happened; no name is ever compared with another.
struct RollbackModel {
    struct Target: Equatable {
        var release: Timestamp
        var backup: Timestamp
    }

    struct Move {
        let name: Timestamp
        let release: Timestamp
    }

    struct Taken {
        let name: Timestamp
        let release: Timestamp?
        /// The rows it was taken of.
        let rows: [String]
    }

    var moves: [Move] = []
    var backups: [Taken] = []
    /// What retention left.
    var releasesThere: Set<Timestamp> = []
    var backupsThere: Set<Timestamp> = []

    var current: Timestamp? { moves.last?.release }

    /// Latest first, each once.
    var releases: [Timestamp] {
        var found: [Timestamp] = []
        for move in moves.reversed() where releasesThere.contains(move.release) {
            if !found.contains(move.release) { found.append(move.release) }
        }
        return found
    }

    var names: [Timestamp] {
        let kept = backups.map(\.name).filter(backupsThere.contains)
        return Array(Set(moves.map(\.name) + releases + kept))
    }

    /// The latest of this release.
    func backup(of release: Timestamp) -> Timestamp? {
        backups.last { $0.release == release && backupsThere.contains($0.name) }?.name
    }

    func rows(of backup: Timestamp) -> [String]? { backups.first { $0.name == backup }?.rows }

    /// nil where it has to be refused: nothing fits, more than one does, or a half of it is gone.
    func target(of text: String) -> Target? {
        if text == "previous" { return releases.first { $0 != current }.flatMap(pair) }
        let fitting = names.filter { "\($0)" == text }
        let meant = fitting.isEmpty ? names.filter { "\($0)".hasPrefix(text) } : fitting
        guard meant.count == 1 else { return nil }
        if let taken = backups.first(where: { $0.name == meant[0] }) {
            guard let release = taken.release, releases.contains(release) else { return nil }
            return Target(release: release, backup: taken.name)
        }
        let release = moves.first { $0.name == meant[0] }?.release ?? meant[0]
        return releases.contains(release) ? pair(release) : nil
    }

    private func pair(_ release: Timestamp) -> Target? {
        backup(of: release).map { Target(release: release, backup: $0) }
    }
}
