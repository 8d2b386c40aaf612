extension JSON5Reader {
    /// Refuses bytes that no text editor shows, before anything is read.
    mutating func checkBytes() throws(DefinitionProblem) {
        guard cursor.bytes.count <= Self.sizeLimit else {
            throw problem("the file is larger than 1 MiB", next: "keep only the definition in it")
        }
        if cursor.bytes.starts(with: [0xEF, 0xBB, 0xBF]) || cursor.bytes.starts(with: [0xFF, 0xFE])
            || cursor.bytes.starts(with: [0xFE, 0xFF])
        {
            throw problem("the file begins with a byte order mark", next: "save it as UTF-8 without BOM")
        }
        if let offset = Self.firstInvalid(in: cursor.bytes) {
            var found = cursor
            found.advance(by: offset)
            throw problem("the file is not UTF-8 here", next: "save it as UTF-8", at: found.location)
        }
        if let offset = cursor.bytes.firstIndex(of: 0) {
            var found = cursor
            found.advance(by: offset)
            throw problem("the file holds a NUL byte", next: "remove it", at: found.location)
        }
    }

    /// Offset of the first byte that is not UTF-8.
    private static func firstInvalid(in bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }
}
