import Foundation

/// What a script reads of `status --json`.
public struct StatusReport: Decodable, Sendable {
    public struct Place: Decodable, Sendable {
        public struct Unfinished: Decodable, Sendable {
            public let kind: String
            public let next: String
        }
        public let name: String
        public let state: String
        public let release: String?
        public let drift: [String]
        public let unfinished: Unfinished?
    }
    public let environments: [Place]
}

public struct BackupList: Decodable, Sendable {
    public struct Entry: Decodable, Sendable {
        public let timestamp: String
        public let release: String?
        public let verified: String
    }
    public let backups: [Entry]
}

public struct PlanReport: Decodable, Sendable {
    public struct Step: Decodable, Sendable {
        public let id: String
        public let title: String
    }
    public let planId: String
    public let steps: [Step]
}

extension ProjectWorld {
    public func status(_ environment: String) throws -> (code: Int32, place: StatusReport.Place) {
        let run = try run("status", environment, "--json")
        let report = try run.json(StatusReport.self)
        guard let place = report.environments.first else {
            throw Unexpected("no environment in \(run.output)")
        }
        return (run.status, place)
    }

    public func backups(_ environment: String) throws -> [BackupList.Entry] {
        try run("backup", "list", environment, "--json").expect(0).json(BackupList.self).backups
    }

    /// Names in a folder of the project, sorted; none when there is no such folder.
    public func names(in path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(project)/\(path)")) ?? []).sorted()
    }

    /// Half-made things anywhere below the tool's folders.
    public func leftovers() -> [String] {
        [".deployctl", "backups"].flatMap { root in
            (FileManager.default.enumerator(atPath: "\(project)/\(root)")?.allObjects ?? []).compactMap {
                $0 as? String
            }
            .filter { $0.contains(".partial") || $0.contains("/scratch/") || $0.hasSuffix(".db-journal") }
            .map { "\(root)/\($0)" }
            // The state's own journal stays, voided.
            .filter { $0 != ".deployctl/state.db-journal" }
        }
    }
}
