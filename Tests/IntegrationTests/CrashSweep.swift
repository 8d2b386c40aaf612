import DeployTestSupport
import Foundation

/// What people see of an environment.
struct World: Equatable {
    var version: String
    var items: [String]
}

/// Kills one verb around every commit, each time recovering and looking at what became of the environment.
struct CrashSweep {
    let shop: DeployctlFixture
    let verb: [String]
    /// Whether a sample looks at fewer commits than of other verbs.
    var everyOther = false
    /// How many commits lie between two kills, unless that follows from where it runs.
    var distance: Int?
    /// What must hold of the environment whenever nothing is unfinished.
    var consistency: (DeployctlFixture, String) throws -> Void = { try $0.expectConsistent($1) }
    /// Brings the environment to where the verb starts; returns what people see before and after it.
    let prepare: () throws -> (before: World, after: World)

    private let environment = "production"
    static let isSoak = ProcessInfo.processInfo.environment["DEPLOYCTL_SOAK"] == "1"

    static func distance(everyOther: Bool) -> Int { isSoak ? 1 : everyOther ? 7 : 5 }

    /// How many kills prove that a sweep of so many did not end early.
    static func atLeast(_ kills: Int) -> Int { isSoak ? kills : max(1, kills / 10) }

    /// A promotion of one release with a migration after the other; production serves items "kept" already.
    static func promotion(of shop: DeployctlFixture) -> CrashSweep {
        var number = 0
        return CrashSweep(shop: shop, verb: ["production", "--confirm", "CONFIRM"]) {
            let before = try shop.world("production")
            if number == 0 || before.version == "\(number)" {
                number += 1
                let table = (
                    name: String(format: "V%04d_table", number + 1),
                    sql: "CREATE TABLE table\(number) (id INTEGER);\n"
                )
                try shop.commit(version: "\(number)", migration: table)
                try shop.run("staging").expect(0)
            }
            return (before, World(version: "\(number)", items: ["kept"]))
        }
    }

    /// A rollback from the second of two releases, which is promoted again whenever it was left.
    static func rollback(of shop: DeployctlFixture, to older: String) -> CrashSweep {
        CrashSweep(shop: shop, verb: ["rollback", older, "--confirm", "CONFIRM"]) {
            if try shop.version("production") == "one" {
                let left = try shop.status("staging").place.release ?? ""
                try shop.run("clear", left, "-m", "the sweep goes on").expect(0)
                try shop.promote()
            }
            if try shop.items("production") == ["first"] { try shop.post("second", to: "production") }
            return (
                World(version: "two", items: ["first", "second"]), World(version: "one", items: ["first"])
            )
        }
    }

    /// - Returns: how often it was killed.
    func run() throws -> Int {
        let traffic = LiveTraffic(port: shop.port(environment))
        defer { traffic.stop() }
        var kills = 0
        for point in CrashPoint.all(every: distance ?? Self.distance(everyOther: everyOther)) {
            for recovery in Self.isSoak ? [.resume, .abort] : [point.recovery] {
                let worlds = try prepare()
                let run = try shop.run(killedAt: point, verb)
                if run.status == 0 { return kills }
                try run.expect(-SIGKILL, "\(point)")
                kills += 1
                do {
                    try examine(recovery, worlds)
                    try traffic.expectUnharmed("live traffic")
                } catch {
                    throw Unexpected(
                        "\(verb.joined(separator: " ")) \(point), then \(recovery.rawValue): \(error)")
                }
            }
        }
        throw Unexpected("\(verb.joined(separator: " ")) never ends")
    }

    private func examine(_ recovery: CrashPoint.Recovery, _ worlds: (before: World, after: World)) throws {
        let (code, place) = try shop.status(environment)
        var wanted = [worlds.before, worlds.after]
        if place.state == "interrupted" {
            try expectEqual(code, 18, "status of an interrupted run")
            try expect(
                place.unfinished?.next.contains("deployctl resume production") == true,
                "status names the next command")
            try shop.run(verb).expect(18)
            wanted = try recover(recovery, worlds)
        } else {
            try expectEqual(place.state, "healthy", "state after a run that left nothing unfinished")
        }
        let world = try shop.world(environment)
        try expect(wanted.contains(world), "\(world) is none of \(wanted)")
        try consistency(shop, environment)
    }

    /// - Returns: what people may see now.
    private func recover(_ recovery: CrashPoint.Recovery, _ worlds: (before: World, after: World)) throws
        -> [World]
    {
        let run = try shop.run(recovery.rawValue, environment)
        let migrationStays = run.status == 16 && run.errors.contains("applied migrations stay")
        if !(recovery == .abort && migrationStays) { try run.expect(0) }
        try shop.run("abort", environment).expect(0, "the second time")
        if recovery == .resume || run.errors.contains("only clean-up is left") { return [worlds.after] }
        return [worlds.before]
    }
}

extension DeployctlFixture {
    func world(_ environment: String) throws -> World {
        World(version: try version(environment), items: try items(environment))
    }

    /// One healthy instance, one database, whole backups, and nothing else.
    func expectConsistent(_ environment: String) throws {
        try expectServing(environment)
        let data = names(in: ".deployctl/\(environment)/shared/data")
        try expectEqual(data.count, 2, "the link and one database in shared/data, found \(data)")
    }

    /// One healthy instance, whole backups and nothing half-made, wherever the data is.
    func expectServing(_ environment: String) throws {
        let (code, place) = try status(environment)
        try expectEqual(place.state, "healthy", "state of \(environment)")
        try expectEqual(code, 0, "status of \(environment)")
        let run = names(in: ".deployctl/\(environment)/run")
        try expectEqual(run.count, 2, "the link and one instance in run, found \(run)")
        let strays = try strays(environment)
        try expect(strays.isEmpty, "stray processes: \(strays)")
        let leftovers = leftovers()
        try expect(leftovers.isEmpty, "half-made things stay: \(leftovers)")
        let backups = try backups(environment).map(\.timestamp)
        try expectEqual(
            names(in: "backups/\(environment)"), backups.sorted(), "backups on disk are those listed")
        if !backups.isEmpty { try self.run("backup", "verify", environment, "--all").expect(0) }
    }
}
