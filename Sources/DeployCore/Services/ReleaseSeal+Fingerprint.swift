import FoundationEssentials

/// Bytes that were compared once are not read again while nothing was written to them.
extension ReleaseSeal {
    /// Writes down how a release's files lie, where none was changed since `moment`, before which their comparison began.
    ///
    /// A full disk keeps nobody from serving what was compared: it is compared again the next time.
    func remember(_ release: Timestamp, _ manifest: Manifest, comparedSince moment: Int64) {
        let (files, layout) = (site.ports.files, site.layout)
        guard !BuildPlace(site: site, release: release).isKept,
            let now = try? files.fingerprint(of: manifest, in: layout.release(release)), now.youngest < moment
        else { return }
        try? files.publish(line(now, manifest), to: layout.releaseFingerprint(release))
    }

    /// As `verify`, by the word of the file system for what was compared before and not written to since.
    ///
    /// - Throws: as `verify`.
    @discardableResult
    func attest(_ release: Timestamp, digest: String) throws(DeployError) -> Manifest {
        let (files, layout) = (site.ports.files, site.layout)
        let manifest = try sealed(release)
        guard manifest.digest == digest, !BuildPlace(site: site, release: release).isKept,
            let known = try files.read(layout.releaseFingerprint(release)),
            let now = try files.fingerprint(of: manifest, in: layout.release(release)),
            known == line(now, manifest)
        else { return try verify(release, digest: digest) }
        return manifest
    }

    private func line(_ fingerprint: Fingerprint, _ manifest: Manifest) -> Data {
        Data("\(fingerprint.text) \(manifest.digest)\n".utf8)
    }
}
