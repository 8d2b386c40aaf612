/// Names in SQL, whatever they hold.
enum SQLiteText {
    static func identifier(_ name: String) -> String { "\"\(name.replacing("\"", by: "\"\""))\"" }
}
