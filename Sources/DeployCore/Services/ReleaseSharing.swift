import FoundationEssentials

/// Lets releases that are kept, but do not serve, have in common the files that they have alike.
///
/// What may write to a release writes to bytes of its own: what serves shares nothing, nor does what served last, which may still
/// be at work; and a release gets its own bytes back before it serves again.
struct ReleaseSharing {
    let site: Site

    private var files: any FileStore { site.ports.files }
    private var layout: Layout { site.layout }

    /// - Returns: the number of bytes of which no second copy is left.
    func share() throws(DeployError) -> Int64 {
        let resting = try resting()
        var freed: Int64 = 0
        for (release, older) in zip(resting, resting.dropFirst()).reversed() where !isShared(release) {
            let paths = try common(release, older)
            for one in [older, release] where !isShared(one) {
                try files.publish(Data(), to: layout.releaseShare(one))
            }
            freed += try files.share(
                paths, of: layout.release(release), with: layout.release(older),
                by: layout.releasePartial(release))
        }
        return freed
    }

    /// Before anything may write to it.
    func separate(_ release: Timestamp, _ manifest: Manifest) throws(DeployError) {
        guard isShared(release) else { return }
        try files.separate(
            manifest.entries.map(\.path), of: layout.release(release), by: layout.releasePartial(release))
        try files.remove(layout.releaseShare(release))
    }

    private func isShared(_ release: Timestamp) -> Bool {
        files.kind(of: layout.releaseShare(release)) != nil
    }

    /// Those on disk that neither serve nor served last, newest first.
    private func resting() throws(DeployError) -> [Timestamp] {
        var busy = Set(site.records.all.compactMap { site.records.read($0)?.release })
        if let running = try site.ports.state.unfinished(in: layout.environment.name)?.release {
            busy.insert(running)
        }
        let moves = try site.ports.state.releaseMoves(of: layout.environment.name) { moves in
            moves.contains { $0.release.map { !busy.contains($0) } ?? false }
        }
        if let last = moves.compactMap(\.release).first(where: { !busy.contains($0) }) { busy.insert(last) }
        return files.names(in: layout.releases).compactMap { Timestamp(digits: $0) }
            .filter { !busy.contains($0) }.sorted(by: >)
    }

    /// The paths at which both were built alike.
    private func common(_ release: Timestamp, _ older: Timestamp) throws(DeployError) -> [String] {
        let seal = ReleaseSeal(site)
        let before = Set(try seal.sealed(older).entries)
        return try seal.sealed(release).entries.filter { entry in
            if case .file = entry.content { before.contains(entry) } else { false }
        }.map(\.path)
    }
}
