extension Located {
    /// This definition with `patch` laid over it, as RFC 7396 says; each value keeps the file it came from.
    ///
    /// A null stays in the result instead of removing its key: readers treat null as absent, and
    /// `"confirmation": null`, which switches a default off, is not lost.
    func merged(with patch: Located) -> Located {
        guard case .object(let changes) = patch.content, case .object(var members) = content else {
            return patch
        }
        for change in changes {
            if let position = members.firstIndex(where: { $0.key == change.key }) {
                members[position].value = members[position].value.merged(with: change.value)
                members[position].location = change.location
            } else {
                members.append(change)
            }
        }
        return Located(content: .object(members), location: patch.location)
    }

    func without(_ key: String) -> Located {
        guard case .object(let members) = content else { return self }
        return Located(content: .object(members.filter { $0.key != key }), location: location)
    }
}
