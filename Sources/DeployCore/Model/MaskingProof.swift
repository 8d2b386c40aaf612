/// What a comparison of masked data with its original found: names and numbers, never a value.
public struct MaskingProof: Hashable, Sendable {
    /// How many different values a masked column held before; NULL and the empty text are none.
    public struct Column: Hashable, Sendable {
        public var name: ColumnName
        public var values: Int64

        public init(name: ColumnName, values: Int64) {
            self.name = name
            self.values = values
        }
    }

    /// Rows of the masked data that still hold a value which a masked column held before.
    public struct Survivor: Hashable, Sendable {
        /// Where they are.
        public var place: ColumnName
        /// The masked column the values come from.
        public var origin: ColumnName
        public var rows: Int64

        public init(place: ColumnName, origin: ColumnName, rows: Int64) {
            self.place = place
            self.origin = origin
            self.rows = rows
        }
    }

    /// A value that stands in another column counts from this many characters on.
    public static let shortestCopy = 6

    public var columns: [Column]
    public var survivors: [Survivor]

    public init(columns: [Column], survivors: [Survivor]) {
        self.columns = columns
        self.survivors = survivors
    }
}

/// A file of SQL that is run as a whole and not recorded.
public struct SQLFile: Hashable, Sendable {
    /// As the definition names it.
    public var name: String
    public var sql: String
    /// Whether an engine's words about a failure may hold somebody's data and are therefore not repeated.
    public var isDiscreet: Bool

    init(name: String, sql: String, isDiscreet: Bool = false) {
        self.name = name
        self.sql = sql
        self.isDiscreet = isDiscreet
    }
}
