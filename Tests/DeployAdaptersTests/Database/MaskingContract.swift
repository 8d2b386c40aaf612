import DeployTestSupport
import XCTest

@testable import DeployCore

/// What every engine finds of masked values, in its own dialect.
struct MaskingContract {
    let database: any ApplicationDatabase
    let original: DatabaseLocation
    let masked: DatabaseLocation
    /// What the engine puts around a name.
    let quote: String
    /// Runs SQL as another program would.
    let run: (String, DatabaseLocation) throws -> Void

    func compare(_ setup: String, _ mask: String, _ columns: [ColumnName]) throws -> MaskingProof {
        for location in [original, masked] { try database.remove(location) }
        try database.create(original)
        try run(setup, original)
        try database.copy(original, to: masked)
        try run(mask, masked)
        return try database.survivors(of: columns, original: original, masked: masked)
    }

    /// Three people, of whose columns two, one and two different values count.
    func checkThatWhatIsLeftIsNamed(
        _ shop: String, _ columns: [ColumnName], clean: String, half: String, leaves: Set<String>
    ) throws {
        let proof = try compare(shop, clean, columns)
        XCTAssertEqual(proof.survivors, [])
        XCTAssertEqual(proof.columns.map(\.values), [2, 1, 2])
        let left = try compare(shop, half, columns)
        XCTAssertEqual(Set(left.survivors.map { "\($0.place) \($0.origin) \($0.rows)" }), leaves)
        for name in [ColumnName(table: "users", column: "emial"), ColumnName(table: "user", column: "email")]
        {
            expectError(.invalidDefinition, "\(name)") { _ = try compare(shop, clean, [name]) }
        }
    }

    /// `more` is a name the engine finds odd.
    func checkOddNames(_ more: String) throws {
        let names = [("a b", "c.d"), ("say \(quote)hi\(quote)", "it's"), ("select", "from"), ("größe", more)]
        var (setup, mask) = ("", "")
        for (table, column) in names {
            let quoted = [table, column].map {
                "\(quote)\($0.replacingOccurrences(of: quote, with: quote + quote))\(quote)"
            }
            setup += "CREATE TABLE \(quoted[0]) (\(quoted[1]) TEXT, copy TEXT);"
            setup += "INSERT INTO \(quoted[0]) VALUES ('value of \(table.count)', 'value of \(table.count)');"
            mask += "UPDATE \(quoted[0]) SET \(quoted[1]) = 'x';"
        }
        let proof = try compare(setup, mask, names.map { ColumnName(table: $0, column: $1) })
        XCTAssertEqual(
            Set(proof.survivors.filter { $0.place.table == $0.origin.table }.map(\.place)),
            Set(names.map { ColumnName(table: $0.0, column: "copy") }))
        XCTAssertEqual(Set(proof.survivors.map(\.place.column)), ["copy"])
    }

    /// `failures` are statements on a table `a` whose `x` holds an address, and what is said of each.
    func checkThatAFileIsUnrecordedAndDiscreet(_ failures: [(String, [String])]) throws {
        try database.create(original)
        let seed = "CREATE TABLE a (x VARCHAR(50) UNIQUE);\nINSERT INTO a VALUES ('ann@example.org')"
        try database.run(SQLFile(name: "seed.sql", sql: seed), in: original)
        XCTAssertEqual(try database.summarise(original).tables.map(\.rows), [1])
        XCTAssertEqual(try database.appliedMigrations(original), [], "it is not recorded")
        for (sql, words) in failures {
            do {
                try database.run(SQLFile(name: "mask.sql", sql: sql, isDiscreet: true), in: original)
                XCTFail(sql)
            } catch {
                for word in words { XCTAssertTrue(error.why.contains(word), "\(error.why) lacks \(word)") }
                XCTAssertFalse("\(error)".contains("ann@"), "\(error)")
            }
        }
    }
}
