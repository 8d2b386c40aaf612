extension Environment {
    /// Something that runs by itself, as long as a keeper looks after the project.
    public struct Schedule: Hashable, Codable, Sendable {
        /// Unlike the name of any other schedule of the environment.
        public var name: String
        var when: When
        /// Of `when`, where it is a time of day; `UTC` unless set.
        var timezone: String
        /// Words of a command of deployctl, as they would be typed after its name.
        public var words: [String]

        /// When it is due.
        enum When: Hashable, Codable, Sendable {
            /// After so long, again and again.
            case every(Duration)
            /// At the minutes of the days that five fields of crontab name.
            case cron(String)
        }
    }

    public var schedules: [Schedule] {
        get { definedSchedules ?? [] }
        set { definedSchedules = newValue.isEmpty ? nil : newValue }
    }
}
