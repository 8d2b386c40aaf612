import FoundationEssentials

/// Counts the lines of an access log by hour, class of status and time taken, in pieces of any size.
///
/// A visitor's text cannot pass for a field: nginx escapes each quotation mark in it.
struct AccessTally {
    private struct Place: Hashable { var hour, statusClass, slot: Int }

    /// A line that is dated later counts for this hour: the clock was ahead when it was written.
    private let latest: Int

    private var found: [Place: Traffic] = [:]
    private var rest: [UInt8] = []
    private var known: (digits: ArraySlice<UInt8>, hour: Int)?

    /// `now`: no request was answered later.
    init(at now: Date) { latest = Traffic.hour(of: now) }

    /// In order of hour, class and slot.
    var traffic: [Traffic] {
        found.values.sorted { ($0.hour, $0.statusClass, $0.slot) < ($1.hour, $1.statusClass, $1.slot) }
    }

    mutating func feed(_ data: Data) {
        let bytes = rest + data
        var begin = bytes.startIndex
        while let end = bytes[begin...].firstIndex(of: 0x0A) {
            count(bytes[begin..<end])
            begin = end + 1
        }
        rest = Array(bytes[begin...].suffix(1 << 16))
    }

    /// What follows does not go on where the last piece ended.
    mutating func skip() { rest = [] }

    private mutating func count(_ line: ArraySlice<UInt8>) {
        guard let time = Self.value("\"time\":\"", line), let hour = hour(time),
            let digit = Self.value("\"status\":", line)?.first, (0x31...0x39).contains(digit),
            let seconds = Self.value("\"seconds\":", line).flatMap(Self.number)
        else { return }
        let place = Place(
            hour: min(hour, latest), statusClass: Int(digit) - 0x30, slot: Traffic.slot(of: seconds))
        var one =
            found[place]
            ?? Traffic(hour: place.hour, statusClass: place.statusClass, slot: place.slot)
        one.requests += 1
        one.seconds += seconds
        found[place] = one
    }

    /// What stands behind a key, up to the next comma or quotation mark.
    private static func value(_ key: StaticString, _ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let key = UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        var index = line.startIndex
        while index + key.count <= line.endIndex {
            if key.indices.allSatisfy({ line[index + $0] == key[$0] }) {
                let begin = index + key.count
                let end =
                    line[begin...].firstIndex { $0 == 0x22 || $0 == 0x2C || $0 == 0x7D } ?? line.endIndex
                return line[begin..<end]
            }
            index += 1
        }
        return nil
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Double? {
        Double(String(decoding: text, as: UTF8.self)).flatMap { $0 >= 0 && $0 < 1e9 ? $0 : nil }
    }

    /// Of a time such as `2026-11-21T02:15:30.123+03:00`; most lines have the hour of the one before.
    private mutating func hour(_ time: ArraySlice<UInt8>) -> Int? {
        guard time.count > 23 else { return nil }
        let zone = time.suffix(6)
        let digits = time.prefix(13) + zone
        if let known, known.digits.elementsEqual(digits) { return known.hour }
        let minutes = String(decoding: time.prefix(16).filter(\.isDigit), as: UTF8.self)
        guard let local = UTC.date(digits: minutes + "00"), let offset = Self.offset(zone) else { return nil }
        let hour = Traffic.hour(of: local.addingTimeInterval(-offset))
        if Int(offset) % 3600 == 0 { known = (digits, hour) }
        return hour
    }

    private static func offset(_ zone: ArraySlice<UInt8>) -> Double? {
        let digits = String(decoding: zone.filter(\.isDigit), as: UTF8.self)
        guard digits.utf8.count == 4, let number = Int(digits), let sign = zone.first,
            sign == 0x2B || sign == 0x2D
        else { return nil }
        let seconds = Double(number / 100 * 3600 + number % 100 * 60)
        return sign == 0x2D ? -seconds : seconds
    }
}
