/// Proves that masked values are gone.
public protocol DatabaseMasking: Sendable {
    /// Compares two databases of this engine: which values that stood in `columns` of `original` stand in `masked`,
    /// in the same column or, from some length on, in any other column of text. No value leaves the engine.
    ///
    /// - Throws: `.invalidDefinition` for a column `original` has not.
    func survivors(of columns: [ColumnName], original: DatabaseLocation, masked: DatabaseLocation)
        throws(DeployError) -> MaskingProof
}
