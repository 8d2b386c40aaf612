import FoundationEssentials

/// Counts forbidden texts in what services logged since a deployment began.
struct LogSearch {
    let site: Site

    init(_ site: Site) { self.site = site }

    private var files: any FileStore { site.ports.files }
    private var layout: Layout { site.layout }

    /// A longer log is not searched, and what is not searched does not pass.
    static let limit: Int64 = 256 << 20

    /// `positions` are the logs' sizes when the deployment began; a log that is now shorter was rotated and is
    /// searched as a whole.
    func forbidden(_ texts: [String], since positions: [String: Int64]) -> [ForbiddenLine]? {
        var found: [ForbiddenLine] = []
        for service in layout.environment.services where service.role == .app {
            let path = layout.serviceLog(service.name)
            guard let size = files.size(of: path) else { return nil }
            let position = positions[service.name] ?? 0
            let begin = position > size ? 0 : position
            guard size - begin <= Self.limit,
                let data = try? files.read(path, from: begin, limit: Int(size - begin))
            else { return nil }
            for text in texts {
                let count = Self.count(Array(text.utf8), in: data)
                if count > 0 { found.append(ForbiddenLine(service: service.name, text: text, count: count)) }
            }
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
