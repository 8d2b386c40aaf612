/// Several filters, one after the other.
struct StreamFilterChain: StreamFilter {
    var filters: [any StreamFilter]

    mutating func pass(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> [UInt8] {
        var passed = Array(bytes)
        for index in filters.indices {
            passed = passed.withUnsafeBytes { filters[index].pass($0, isLast: isLast) }
        }
        return passed
    }
}
