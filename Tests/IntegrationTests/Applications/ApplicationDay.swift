import DeployTestSupport
import Foundation
import XCTest

/// What lies between a deployment and the night somebody goes back.
extension ApplicationWorld {
    /// Some hundred requests stand for a day: rows, files and logs grow, and at noon the logs are turned over.
    ///
    /// - Returns: the items that were kept.
    func passADay(_ environment: String, writing: Bool) throws -> [String] {
        var kept: [String] = []
        for request in 1...300 {
            if request == 150 { try turnOverLogs(of: environment) }
            if writing, request % 3 == 0 {
                kept.append("day\(request)")
                try post(kept[kept.count - 1], to: environment)
            } else {
                let answer = get(request % 2 == 0 ? "/" : "/nowhere\(request)", from: environment)
                try expect(answer.status > 0, "request \(request): \(answer.body)")
            }
        }
        return kept
    }

    /// As logrotate does with `copytruncate` and `delaycompress`.
    private func turnOverLogs(of environment: String) throws {
        for name in names(in: "logs/\(environment)") where name.hasSuffix(".log") {
            let log = "\(project)/logs/\(environment)/\(name)"
            try runProgram(["cp", "--preserve", log, "\(log).1"]).expect(0)
            try expect(truncate(log, 0) == 0, "\(log) stays as it is: errno \(errno)")
        }
    }
}

extension ApplicationWorld {
    /// A stand-in for a reboot, for the machine of a test goes on: every process is killed at once, sockets and files
    /// with process numbers are gone, and the boot that deployctl wrote down is another than this one.
    ///
    /// What the machine brings back by itself, such as a Redis server, is in `lasting`.
    func standInForAReboot(sparing lasting: Set<Int32> = []) throws {
        let isOff = eventually(within: 20) {
            let left = processes().filter { !lasting.contains($0.pid) }
            for process in left { kill(process.pid, SIGKILL) }
            return left.isEmpty
        }
        try expect(isOff, "still there: \(processes())")
        let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let files = FileManager.default
        var records = 0
        for name in files.enumerator(atPath: "\(project)/.deployctl")?.compactMap({ $0 as? String }) ?? [] {
            let path = "\(project)/.deployctl/\(name)"
            let kind = try? files.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            if kind == .typeSocket || name.hasSuffix(".pid") {
                try files.removeItem(atPath: path)
            } else if kind == .typeRegular, !name.contains("/releases/"), name.hasSuffix(".json"),
                let text = try? String(contentsOfFile: path, encoding: .utf8), text.contains(boot)
            {
                records += 1
                let other = text.replacingOccurrences(of: boot, with: "00000000-0000-4000-8000-000000000000")
                try other.write(toFile: path, atomically: true, encoding: .utf8)
            }
        }
        try expect(records > 0, "no record names the boot")
    }
}
