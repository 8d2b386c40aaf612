/// Compares the masked copy with the original: what stood in a masked column may stand nowhere any more.
struct ProveMasking: StepWork {
    static let id = "prove-masking"
    var columns: [ColumnName]
    var original: DatabaseLocation
    var masked: DatabaseLocation
    /// Files that would have to do more.
    var files: [String]

    var title: String {
        "Prove that no value of \(columns.map(\.description).joined(separator: ", ")) survives"
    }

    func programs(in layout: Layout) -> [ProgramCall] {
        DatabasePrograms(layout: layout).calls(.asking)
    }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let proof = try discreetly { () throws(DeployError) in
            try context.database.survivors(of: columns, original: original, masked: masked)
        }
        guard proof.survivors.isEmpty else { throw refusal(proof) }
        return proof.columns.map(Self.note).joined(separator: ", ")
    }

    private static func note(_ column: MaskingProof.Column) -> String {
        switch column.values {
        case 0: "\(column.name) held no value before"
        case 1: "1 value of \(column.name) is gone"
        default: "\(column.values) values of \(column.name) are gone"
        }
    }

    private func refusal(_ proof: MaskingProof) -> DeployError {
        let lines = proof.survivors.map { found in
            let rows = found.rows == 1 ? "1 row" : "\(found.rows) rows"
            return found.place == found.origin
                ? "\(found.place) still holds \(rows) with a value that stood in it before"
                : "\(found.place) holds \(rows) with a value of \(found.origin)"
        }
        return DeployError(
            .stepFailed, what: "Values survive the mask", why: lines.joined(separator: "\n"),
            next: "change them in \(files.last ?? "the mask"), commit, and run deployctl staging again")
    }
}
