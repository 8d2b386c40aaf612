import DeployCore

/// Makes views, routines, triggers and events of a dump belong to whoever loads it, and changes nothing else.
///
/// They act with the rights of the account they name, so nobody but the application's user may stand there.
struct MySQLDefinerFilter: StreamFilter {
    private static let mark = Array("DEFINER=`".utf8)
    /// What stands before it at the beginning of a line, as the dump tools write it.
    private static let heads = [
        "\n/*!50013 ", "\n/*!50003 CREATE*/ /*!50017 ", "\n/*!50106 CREATE*/ /*!50117 ", "\nCREATE ",
    ].map { Array($0.utf8) }
    /// Longer than every mark with the name of an account.
    private static let limit = 2048
    /// Longer than every head.
    private static let context = 64
    private var held: [UInt8] = []
    /// How much of `held` has been passed on.
    private var start = 0

    mutating func pass(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> [UInt8] {
        forget()
        held.append(contentsOf: bytes)
        var passed: [UInt8] = []
        while let found = held.find(Self.mark, from: start) {
            // All of an account's name has to be here before it is read.
            guard isLast || held.count - found > Self.limit else {
                passed.append(contentsOf: take(to: found))
                return passed
            }
            passed.append(contentsOf: take(to: found + Self.mark.count - 1))
            guard follows(found), let end = MySQLText.endOfAccount(in: held, at: start) else { continue }
            passed.append(contentsOf: "CURRENT_USER".utf8)
            start = end
        }
        passed.append(
            contentsOf: take(to: isLast ? held.count : max(start, held.count - Self.mark.count + 1)))
        return passed
    }

    private mutating func take(to end: Int) -> [UInt8] {
        let taken = Array(held[start..<end])
        start = end
        return taken
    }

    /// Keeps what a head may begin in.
    private mutating func forget() {
        let dropped = max(0, start - Self.context)
        held.removeSubrange(..<dropped)
        start -= dropped
    }

    private func follows(_ place: Int) -> Bool {
        Self.heads.contains { head in
            place >= head.count && held[place - head.count..<place].elementsEqual(head)
        }
    }
}
