import DeployCore

/// Changes the states of events in a dump on its way from one program to another, and nothing else.
struct MySQLEventFilter: StreamFilter {
    private static let mark = Array("\n/*!50106 CREATE".utf8)
    let source: MySQLEventPlace
    let target: MySQLEventPlace
    private var held: [UInt8] = []

    init(from source: MySQLEventPlace, to target: MySQLEventPlace) {
        (self.source, self.target) = (source, target)
    }

    mutating func pass(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> [UInt8] {
        held.append(contentsOf: bytes)
        var passed: [UInt8] = []
        var start = 0
        while let found = held.find(Self.mark, from: start) {
            // All of a head has to be here before it is read.
            guard isLast || held.count - found > MySQLEventHead.limit else {
                passed.append(contentsOf: held[start..<found])
                held.removeSubrange(..<found)
                return passed
            }
            passed.append(contentsOf: held[start...found])
            start = found + 1
            guard let head = MySQLEventHead(held, at: start) else { continue }
            // A date that has passed would keep the server from making the event.
            if head.ends { passed.append(contentsOf: "SET SESSION timestamp = 1 ;;\n".utf8) }
            passed.append(contentsOf: held[start..<head.range.lowerBound])
            passed.append(contentsOf: head.state(moved: source, target).utf8)
            start = head.range.upperBound
        }
        let kept = isLast ? held.count : max(start, held.count - Self.mark.count + 1)
        passed.append(contentsOf: held[start..<kept])
        held.removeSubrange(..<kept)
        return passed
    }
}
