/// Why nobody can say what a live database holds.
enum UnreadData: String, Hashable, Codable, Sendable { case damaged, missing }
