import FoundationEssentials

/// Where a request of another machine lies until it is run, and afterwards how it ended: private files in git's own folder.
public struct FarDesk: Sendable {
    private let ports: Ports
    /// Absolute.
    let folder: String
    /// Where requests lie that have no room in `folder`: absolute and this account's alone; nil where there is no such place.
    private let spare: String?

    /// Seconds after which a request that nobody ran is removed.
    private static let waits: Double = 3600
    /// Seconds for which it is known how one ended.
    private static let remembers: Double = 86400
    /// Bytes a request may have.
    public static let limit = 4 << 20

    init(_ ports: Ports, folder: String, spare: String? = nil) {
        (self.ports, self.folder, self.spare) = (ports, folder, spare)
    }

    /// What it is called from now on.
    public func accept(_ request: FarRequest) throws(DeployError) -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        let id = "\(Timestamp(ports.clock.now()))-\(digits)"
        let data = try JSON.data(request)
        do throws(DeployError) { try put(data, id, in: folder) } catch let full {
            guard let spare else { throw full }
            do throws(DeployError) { try put(data, id, in: spare) } catch { throw full }
        }
        return id
    }

    private func put(_ request: Data, _ id: String, in folder: String) throws(DeployError) {
        try ports.files.makeFolder(folder)
        try ports.files.refuseStranger(on: folder)
        try tidy(folder)
        try ports.files.publish(request, to: "\(folder)/\(id).request")
    }

    /// The folder in which a request was put.
    private func home(of id: String) -> String {
        guard let spare else { return folder }
        let isThere = ["request", "ending"].contains {
            ports.files.kind(of: "\(spare)/\(id).\($0)") != nil
        }
        return isThere ? spare : folder
    }

    /// - Throws: `.notFound` where there is none of that name, or not any more.
    public func request(_ id: String) throws(DeployError) -> FarRequest {
        guard let data = try ports.files.read(file(try checked(id))) else {
            throw DeployError(
                .notFound, what: "There is no request \(id)",
                why: "it was withdrawn, or not run within an hour; nothing was done",
                next: "repeat the command where it was typed")
        }
        return try JSON.value(FarRequest.self, from: data, named: "The request")
    }

    /// As long as the lock is kept, the request is run; the exit code is described in it.
    ///
    /// - Throws: `.locked` where it is run or was run already.
    public func begin(_ id: String) throws(DeployError) -> (lock: any HeldLock, request: FarRequest) {
        let record = record(try checked(id))
        let isNew = ports.files.kind(of: record) == nil
        guard isNew, let lock = try ports.files.lock(record) else {
            throw DeployError(
                .locked, what: "Request \(id) was begun already", why: "each is run once",
                next: "repeat the command where it was typed")
        }
        lock.describe("begun\n")
        return (lock, try request(id))
    }

    /// The words may be secrets: they do not stay longer than they are needed.
    public func forget(_ id: String) throws(DeployError) { try ports.files.remove(file(try checked(id))) }

    /// What became of it, after waiting for its end; one that was not begun is withdrawn.
    public func ending(of id: String, waiting: Duration) throws(DeployError) -> FarEnding {
        let record = record(try checked(id))
        let deadline = ports.clock.now().addingTimeInterval(waiting.seconds)
        while true {
            if let lock = try ports.files.lock(record) {
                defer { withExtendedLifetime(lock) {} }
                let text = String(decoding: try ports.files.read(record) ?? Data(), as: UTF8.self)
                if let ending = Self.ending(text) { return ending }
                guard text.isEmpty else { return .unknown }
                try forget(id)
                return .withdrawn
            }
            guard ports.clock.now() < deadline, ports.interruption.requested() == nil else { return .running }
            ports.clock.sleep(for: .milliseconds(200))
        }
    }

    /// What is described in the lock of a request that ended; nil before.
    private static func ending(_ text: String) -> FarEnding? {
        let lines = text.split(at: "\n", max: 1).map(String.init)
        guard let code = lines.first.flatMap({ Int32($0) }) else { return nil }
        let said = lines.dropFirst().first.flatMap {
            try? JSON.value(DeployError.self, from: Data($0.utf8), named: "the failure")
        }
        return .ended(code, said)
    }

    /// How an ending is described for `ending(of:waiting:)`.
    public static func description(of code: Int32, _ said: DeployError?) -> String {
        let failure = said.flatMap { try? JSON.text($0) }
        return "\(code)\n" + (failure.map { "\($0)\n" } ?? "")
    }

    /// Where the definitions of a commit are put while a request looks at them.
    func definitions(for id: String) -> String { "\(folder)/\(id).definitions" }

    private func file(_ id: String) -> String { "\(home(of: id))/\(id).request" }
    private func record(_ id: String) -> String { "\(home(of: id))/\(id).ending" }

    private func tidy(_ folder: String) throws(DeployError) {
        let now = ports.clock.now()
        let oldest = Timestamp(now.addingTimeInterval(-Self.remembers))
        let oldestRequest = Timestamp(now.addingTimeInterval(-Self.waits))
        for name in ports.files.names(in: folder) {
            guard let made = Timestamp(digits: String(name.prefix(14))) else { continue }
            let path = "\(folder)/\(name)"
            guard made < oldest || made < oldestRequest && name.ends(with: ".request") else { continue }
            if name.ends(with: ".ending"), ports.files.isLocked(path) { continue }
            try ports.files.remove(path)
        }
    }

    private func checked(_ id: String) throws(DeployError) -> String {
        let parts = id.split(at: "-", keepsEmpty: true).map(String.init)
        guard parts.count == 2, Timestamp(digits: parts[0]) != nil, (1...16).contains(parts[1].utf8.count),
            parts[1].holdsOnly("0123456789abcdef")
        else {
            throw DeployError(
                .usage, what: "\(Shown.text(id)) is no request", why: "its name is made by far-greet",
                next: "deployctl help")
        }
        return id
    }
}
