import DeployTestSupport
import Foundation

/// A clock that stands still, runs, jumps and goes back, the same way for the same seed.
struct AnyClock {
    private var seed: UInt64
    private let clock: FakeClock

    private static let hour = 3600.0
    private static let jumps = [
        1, 1, 1, 59, -1, hour, -hour, 24 * hour, -24 * hour, 8760 * hour, -8760 * hour, 87_600 * hour,
        -87_600 * hour,
    ]
    /// The last seconds before summer time begins and ends in Berlin and in New York, before a second that was
    /// inserted, before 32 bits are full, and around the turn of a century without a leap day.
    private static let moments = [
        "2027-03-28T00:59:59Z", "2027-10-31T00:59:59Z", "2027-03-14T06:59:59Z", "2027-11-07T05:59:59Z",
        "2016-12-31T23:59:59Z", "2038-01-19T03:14:07Z", "2100-02-28T23:59:59Z", "1970-01-01T00:00:00Z",
    ]

    init(_ clock: FakeClock, seed: Int) { (self.clock, self.seed) = (clock, UInt64(seed)) }

    /// A number below `count`, the next of the seed's.
    mutating func pick(_ count: Int) -> Int {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(seed >> 33) % count
    }

    mutating func pick<Value>(from values: [Value]) -> Value { values[pick(values.count)] }

    mutating func move() {
        switch pick(100) {
        case ..<60: return
        case ..<98: clock.move(by: .seconds(pick(from: Self.jumps)))
        default:
            guard let moment = ISO8601DateFormatter().date(from: pick(from: Self.moments)) else { return }
            clock.move(by: .seconds(moment.timeIntervalSince(clock.now())))
        }
    }

    /// The fourteen digits the C library gives for now.
    var digits: String {
        var (seconds, parts) = (time_t(clock.now().timeIntervalSince1970.rounded(.down)), tm())
        gmtime_r(&seconds, &parts)
        return String(
            format: "%04d%02d%02d%02d%02d%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
            parts.tm_hour, parts.tm_min, parts.tm_sec)
    }
}
