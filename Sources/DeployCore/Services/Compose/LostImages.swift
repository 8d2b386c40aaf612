/// Releases whose folders are there and whose images the engine has no more, so that they cannot be started.
struct LostImages {
    let site: Site

    /// Which image is gone, in words, by release; one question, however many there are.
    ///
    /// An engine that does not answer has lost nothing.
    func found(among releases: [Timestamp]) -> [Timestamp: String] {
        let images = releases.reduce(into: [Timestamp: [String: String]]()) { known, release in
            let folder = site.layout.release(release)
            known[release] = (try? ReleaseImages.read(site.ports.files, in: folder))?.ids
        }
        let asked = Set(images.values.flatMap(\.values)).sorted()
        guard !asked.isEmpty else { return [:] }
        let result = site.ports.commands.run(CommandRequest(ContainerCommands.imageIDs(asked)))
        guard !result.succeeded, result.errors.lowered.holds("no such image") else { return [:] }
        let present = Set(result.output.lines.map(String.init))
        return images.compactMapValues { ids in
            ids.sorted { $0.key < $1.key }.first { !present.contains($0.value) }.map { service, id in
                "image \(id.prefix(19)) of service \(service) is gone from the engine"
            }
        }
    }
}
