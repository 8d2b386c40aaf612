import FoundationEssentials

/// Counts forbidden texts in what services logged since a deployment began.
struct LogSearch {
    let site: Site

    init(_ site: Site) { self.site = site }

    private var files: any FileStore { site.ports.files }
    private var layout: Layout { site.layout }

    /// A longer log is not searched, and what is not searched does not pass.
    static let limit: Int64 = 256 << 20

    /// What was found, and the services whose logs could not be searched as a whole since `positions`.
    func forbidden(_ texts: [String], since positions: [String: LogPosition]) -> (
        lines: [ForbiddenLine], unknown: [String]
    ) {
        var (found, unknown): ([ForbiddenLine], [String]) = ([], [])
        for service in layout.environment.services where service.role == .app {
            let log = LogFiles(files: files, path: layout.serviceLog(service.name))
            guard let parts = log.written(since: positions[service.name] ?? LogPosition(bytes: 0)),
                let written = read(parts)
            else {
                unknown.append(service.name)
                continue
            }
            for text in texts {
                let count = written.reduce(0) { $0 + Self.count(Array(text.utf8), in: $1) }
                if count > 0 { found.append(ForbiddenLine(service: service.name, text: text, count: count)) }
            }
        }
        return (found, unknown)
    }

    /// nil where one is missing, or all together are too long.
    private func read(_ parts: [LogFiles.Part]) -> [Data]? {
        var (left, found): (Int64, [Data]) = (Self.limit, [])
        for part in parts {
            guard let size = files.size(of: part.path), size - part.begin <= left,
                let data = try? files.read(part.path, from: part.begin, limit: Int(size - part.begin))
            else { return nil }
            left -= Int64(data.count)
            found.append(data)
        }
        return found
    }

    /// Lines that hold the text; each counts once.
    static func count(_ text: [UInt8], in data: Data) -> Int {
        guard let first = text.first else { return 0 }
        return data.withUnsafeBytes { bytes in
            var count = 0
            var index = 0
            while index + text.count <= bytes.count {
                guard bytes[index] == first,
                    text.indices.allSatisfy({ bytes[index + $0] == text[$0] })
                else {
                    index += 1
                    continue
                }
                count += 1
                while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            }
            return count
        }
    }
}
