import FoundationEssentials

/// How many of a hundred users have a feature: none, all, or some.
public struct FeatureShare: Hashable, Codable, Sendable, CustomStringConvertible {
    /// 0 to 100.
    public let percent: Int

    static let off = FeatureShare(percent: 0)
    static let on = FeatureShare(percent: 100)

    private init(percent: Int) { self.percent = percent }

    /// `on`, `off` or a whole number of percent such as `25%`; nil for anything else.
    public init?(_ text: String) {
        switch text {
        case "on": self = .on
        case "off": self = .off
        default:
            guard text.ends(with: "%"), let number = Int(text.dropLast()), (0...100).contains(number),
                "\(number)%" == text
            else { return nil }
            percent = number
        }
    }

    public init(from decoder: any Decoder) throws {
        let number = try decoder.singleValueContainer().decode(Int.self)
        percent = min(max(number, 0), 100)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(percent)
    }

    /// As it is typed.
    public var description: String {
        switch percent {
        case 0: "off"
        case 100: "on"
        default: "\(percent)%"
        }
    }
}

/// That somebody gave a feature another share than its definition does.
public struct FeatureChoice: Hashable, Codable, Sendable {
    public var share: FeatureShare
    public var performer: String
    public var since: Date
    /// As it was given; nil without one.
    public var reason: String?
}

/// A feature as an environment has it now.
public struct Feature: Hashable, Sendable {
    public let name: String
    public let share: FeatureShare
    /// nil where it is as the definition says.
    public let switched: FeatureChoice?
}

extension Environment {
    /// What the definition says of each feature, by name.
    public var features: [String: FeatureShare] {
        get { definedFeatures ?? [:] }
        set { definedFeatures = newValue.isEmpty ? nil : newValue }
    }

    /// The variable in which a service that starts finds the share of a feature.
    static func featureVariable(_ name: String) -> String {
        "FEATURE_\(name.uppered.replacing("-", by: "_"))"
    }
}
