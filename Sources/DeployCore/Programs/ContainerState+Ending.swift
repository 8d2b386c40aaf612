import FoundationEssentials

extension ContainerState {
    /// How it ended; nil while it runs: then the engine's state says nothing of that.
    var ending: ProcessEnding? {
        isRunning ? nil : Self.ending(exitCode, lackingMemory: outOfMemory == true)
    }

    /// How it ended last, by what the engine printed of its ends.
    static func lastEnding(in events: String) -> ProcessEnding? {
        var (lacksMemory, last): (Bool, ProcessEnding?) = (false, nil)
        for line in events.lines {
            if line.begins(with: "oom") { lacksMemory = true }
            guard let code = line.after("die ").flatMap({ Int($0) }) else { continue }
            (last, lacksMemory) = (ending(code, lackingMemory: lacksMemory), false)
        }
        return last
    }

    /// The first process of a container that a signal ended has 128 and the signal's number as its exit code.
    private static func ending(_ code: Int, lackingMemory: Bool) -> ProcessEnding {
        if lackingMemory { return .memory }
        return (129...192).contains(code) ? .signal(Int32(code - 128)) : .status(Int32(clamping: code))
    }

    /// What befell it since it was started, as the engine counted; nil where it never ended.
    ///
    /// `ending`: how it ended last; nil where that is not known.
    func care(_ ending: ProcessEnding?, at now: Date) -> ServiceCare? {
        guard restarts > 0 else { return nil }
        return ServiceCare(
            ends: restarts, how: ending.map { "\($0)" }, lastEnd: finishedAt.flatMap(Self.date),
            loops: isLooping(at: now))
    }

    /// So many ends are a loop, unless it has lived for long meanwhile: then the engine begins anew, too.
    private static let loop = 4
    private static let long = 10.0

    private func isLooping(at now: Date) -> Bool {
        guard restarts >= Self.loop else { return false }
        if status == "restarting" { return true }
        return isRunning && Self.date(startedAt).map { now.timeIntervalSince($0) < Self.long } ?? false
    }

    /// Without the fraction of the second.
    private static func date(_ text: String) -> Date? {
        UTC.date(rfc3339: String(text.prefix { $0 != "." && $0 != "Z" }) + "Z")
    }
}
