import DeployCore

/// Where a masked value may not stand: the masked columns themselves, and every other column of text.
struct MaskingScope {
    /// A column as an engine lists it.
    struct Stored: Hashable {
        var name: ColumnName
        /// The engine's word.
        var type: String
        var isText: Bool
    }

    struct Place {
        var stored: Stored
        /// The position among the masked columns, when it is one of them.
        var origin: Int?
    }

    /// The masked columns, in the definition's order.
    private(set) var origins: [Stored] = []
    /// Where to look in the masked data.
    private(set) var places: [Place] = []
    private let names: [ColumnName]

    /// - Throws: `.invalidDefinition` for a column the original has not, or has more than once.
    init(of names: [ColumnName], original: [Stored], masked: [Stored]) throws(DeployError) {
        self.names = names
        for name in names { origins.append(try Self.find(name, in: original)) }
        for stored in masked {
            let origin = origins.firstIndex { $0.name == stored.name }
            if stored.isText || origin != nil { places.append(Place(stored: stored, origin: origin)) }
        }
    }

    /// What the engine counted, in names: `values` by the position of a masked column, rows by those of a place and
    /// of the masked column they come from.
    func proof(values: [Int: Int64], found: [(place: Int, origin: Int, rows: Int64)]) -> MaskingProof {
        let columns = names.enumerated().map { number, name in
            MaskingProof.Column(name: name, values: values[number] ?? 0)
        }
        let survivors = found.filter { $0.rows > 0 && places.indices.contains($0.place) }.map { found in
            let place = places[found.place]
            return MaskingProof.Survivor(
                place: place.origin.map { names[$0] } ?? Self.shown(place.stored.name),
                origin: names[found.origin], rows: found.rows)
        }
        return MaskingProof(columns: columns, survivors: survivors)
    }

    private static func find(_ name: ColumnName, in stored: [Stored]) throws(DeployError) -> Stored {
        let named = stored.filter { $0.name.table == name.table && $0.name.column == name.column }
        let fitting = named.filter { name.schema == nil || $0.name.schema == name.schema }
        if fitting.count == 1 { return fitting[0] }
        if let usual = fitting.first(where: { $0.name.schema == "public" }) { return usual }
        let schemas = fitting.compactMap(\.name.schema).joined(separator: ", ")
        let columns = stored.filter { $0.name.table == name.table }.map(\.name.column)
        let why =
            !fitting.isEmpty
            ? "schemas \(schemas) have it"
            : columns.isEmpty
                ? "the backup has no table \(name.table)"
                : "table \(name.table) has \(columns.joined(separator: ", "))"
        throw DeployError(
            .invalidDefinition,
            what: fitting.isEmpty ? "There is no column \(name) to mask" : "Column \(name) is more than one",
            why: why, next: "correct \"database.fresh.masked\" in the definition")
    }

    private static func shown(_ name: ColumnName) -> ColumnName {
        name.schema == "public" ? ColumnName(table: name.table, column: name.column) : name
    }
}
