extension Environment {
    /// When backups are made, how they are proved, which are kept.
    public struct BackupRules: Hashable, Codable, Sendable {
        /// How a backup is proved before it counts.
        public enum Verification: String, CaseIterable, Codable, Sendable { case restore, checksum }

        /// Whether every deployment takes one first.
        var beforeDeploy: Bool
        public var verify: Verification
        /// Where they lie, relative to the project or absolute.
        public var directory: String
        public var keep: Retention
        /// Shared folders that are backed up and rolled back with the database.
        public var folders: [String] {
            get { includedFolders ?? [] }
            set { includedFolders = newValue.isEmpty ? nil : newValue }
        }
        /// How a proved backup is brought off the machine.
        var copies: [Copy] {
            get { copy ?? [] }
            set { copy = newValue.isEmpty ? nil : newValue }
        }
        /// nil for backups that lie in the open.
        var encryption: Encryption?
        // Optional, so that definitions stored by an earlier version can be read.
        private var includedFolders: [String]?
        private var copy: [Copy]?

        init(
            beforeDeploy: Bool = false, verify: Verification = .restore, directory: String,
            keep: Retention = Retention()
        ) {
            self.beforeDeploy = beforeDeploy
            self.verify = verify
            self.directory = directory
            self.keep = keep
        }
    }

    /// Which backups stay; one that any rule keeps stays, up to `within`.
    public struct Retention: Hashable, Codable, Sendable {
        /// How many of the newest proved ones.
        public var last: Int
        /// Everything younger; nil: age keeps none.
        public var age: Duration?
        /// Bytes.
        public var within: Int64?
        /// The newest of so many days, weeks and months that have one.
        var daily: Int?
        var weekly: Int?
        var monthly: Int?

        init(
            last: Int = 5, age: Duration? = nil, within: Int64? = nil, daily: Int? = nil,
            weekly: Int? = nil, monthly: Int? = nil
        ) {
            self.last = last
            self.age = age
            self.within = within
            self.daily = daily
            self.weekly = weekly
            self.monthly = monthly
        }
    }
}
