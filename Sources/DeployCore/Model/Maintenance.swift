import FoundationEssentials

/// That visitors see a page instead of the application, because it is being worked on.
public struct Maintenance: Hashable, Codable, Sendable {
    public var performer: String
    public var since: Date
    /// As it was given; nil without one.
    public var reason: String?
    /// Addresses of visitors who see the application nevertheless, as nginx writes them.
    public var allowed: [String]
}
