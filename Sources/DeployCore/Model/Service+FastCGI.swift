extension Service {
    /// Where a program that speaks FastCGI finds what it runs.
    struct FastCGI: Hashable, Codable, Sendable {
        /// Folder of the release; what lies there is what addresses name.
        var root: String
        /// Relative to it: answers what is no file.
        var script: String
    }
}

extension Layout {
    /// The socket at which the front of an instance answers, whether or not writes are held.
    func innerDoor(of instance: String) -> String { "\(self.instance(instance))/inner.sock" }
}
