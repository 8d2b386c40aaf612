/// Where the content of a fresh database comes from.
extension PlanBuilder {
    func fill(_ generation: DatabaseLocation, for release: Timestamp) -> [Step] {
        switch environment.database?.filling {
        case nil: [.createDatabase(CreateDatabase(generation: generation))]
        case .file(let file):
            [.fillDatabase(FillDatabase(release: release, file: file, generation: generation))]
        case .backup(let copy): bring(copy, to: generation, for: release)
        }
    }

    /// Without a source nothing is made, so that no release starts on what was not asked for.
    private func bring(_ copy: MaskedCopy, to generation: DatabaseLocation, for release: Timestamp) -> [Step]
    {
        guard let source = facts.source, let original = layout.database(.original(names.deployment)),
            let masked = layout.database(.masked(names.deployment))
        else { return [] }
        guard !copy.mask.isEmpty else {
            return [.restoreSource(RestoreSource(source: source, location: generation, isFinal: true))]
        }
        let proof = ProveMasking(
            columns: copy.columns, original: original, masked: masked, files: copy.mask)
        return [
            .restoreSource(RestoreSource(source: source, location: original, isFinal: false)),
            .maskData(MaskData(release: release, files: copy.mask, original: original, masked: masked)),
        ] + (copy.columns.isEmpty ? [] : [.proveMasking(proof)]) + [
            .bringMaskedData(BringMaskedData(original: original, masked: masked, generation: generation))
        ]
    }
}
