import FoundationEssentials

/// The public name of a release, a deployment or a backup: fourteen UTC digits.
///
/// Operators type it after `rollback`, folders are named by it, and history is ordered by it. The
/// state hands them out, unique and increasing, so sorting the text sorts creation order even when
/// the clock went back.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let description: String

    /// Names the given instant, dropping anything finer than a second.
    public init(_ date: Date) {
        description = UTC.digits(date)
    }

    /// Reads exactly fourteen digits that name a real moment; 30 February is refused.
    public init?(digits text: String) {
        guard let date = UTC.date(digits: text), UTC.digits(date) == text else { return nil }
        description = text
    }

    /// The instant this name stands for.
    ///
    /// Two things made in one second have names a second apart, so this is close to, but not
    /// always, the moment of creation; records keep the exact time.
    public var date: Date { UTC.date(digits: description) ?? Date(timeIntervalSince1970: 0) }

    /// The next free name after this one.
    public var successor: Timestamp { Timestamp(date.addingTimeInterval(1)) }

    public static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let value = Timestamp(digits: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is not a timestamp"))
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
