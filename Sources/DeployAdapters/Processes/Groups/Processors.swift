import CSpawn

/// The processors that a process may run on, and with it all that it starts.
///
/// What yields is stopped only at a tick of the kernel's clock, some milliseconds later; a processor that it never runs on
/// needs no tick.
enum Processors {
    /// Keeps a process on as few processors as its limit fills, the last ones, and never on each; none where the limit is no less.
    static func keep(_ pid: Int32, within limit: Double) {
        let all = of(pid)
        let kept = few(of: all, within: limit)
        guard kept != all else { return }
        var bits = [UInt8](repeating: 0, count: most / 8)
        for number in kept { bits[number / 8] |= 1 << UInt8(number % 8) }
        // A kernel that refuses still keeps the limit itself.
        _ = set_processors(pid, bits, bits.count)
    }

    /// As many as a kernel can have.
    private static let most = 8192

    /// Ascending; empty where the kernel does not say.
    static func of(_ pid: Int32) -> [Int] {
        var bits = [UInt8](repeating: 0, count: most / 8)
        guard get_processors(pid, &bits, bits.count) > 0 else { return [] }
        return (0..<most).filter { bits[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
    }

    /// Of these, those that a limit is kept on.
    static func few(of all: [Int], within limit: Double) -> [Int] {
        guard all.count > 1, limit < Double(all.count) else { return all }
        return Array(all.suffix(min(max(Int(limit.rounded(.up)), 1), all.count - 1)))
    }
}
