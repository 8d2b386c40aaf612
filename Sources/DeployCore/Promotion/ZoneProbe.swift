import FoundationEssentials

/// Asks `date`, which knows the zone files, for a zone's offsets around a moment.
struct ZoneProbe {
    let files: any FileStore

    /// A zone changes its clock on a quarter of an hour.
    private static let step = 900
    private static let before = 2 * 86_400
    private static let after = 9 * 86_400

    /// nil when the zone is unknown here: `date` would silently take it for UTC.
    func request(_ zone: String, around now: Date) -> CommandRequest? {
        guard zone == "UTC" || files.kind(of: "/usr/share/zoneinfo/\(zone)") != nil else { return nil }
        let middle = Int(now.timeIntervalSince1970) / Self.step * Self.step
        let moments = stride(from: middle - Self.before, through: middle + Self.after, by: Self.step)
        let lines = moments.map { "@\($0)\n" }.joined()
        return CommandRequest(
            Command("date", ["--file=-", "+%s %z"]), environment: ["TZ": zone, "LC_ALL": "C"],
            input: Data(lines.utf8), deadline: .seconds(5))
    }

    static func offsets(_ result: CommandResult) -> ZoneOffsets? {
        guard result.succeeded else { return nil }
        var changes: [ZoneOffsets.Change] = []
        for line in result.output.lines {
            let words = line.split(at: " ")
            guard words.count == 2, let second = Int(words[0]), let offset = seconds(words[1]) else {
                return nil
            }
            guard changes.last?.offset != offset else { continue }
            changes.append(.init(at: Date(timeIntervalSince1970: Double(second)), offset: offset))
        }
        return changes.isEmpty ? nil : ZoneOffsets(changes: changes)
    }

    /// `+0330` as seconds.
    private static func seconds(_ text: Substring) -> Int? {
        guard text.utf8.count == 5, let sign = text.first, "+-".contains(sign),
            let digits = Int(text.dropFirst())
        else { return nil }
        return (sign == "-" ? -1 : 1) * (digits / 100 * 60 + digits % 100) * 60
    }
}
