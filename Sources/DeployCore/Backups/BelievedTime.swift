import FoundationEssentials

/// What a clock says, as far as it may decide that something is too old to be kept; pure.
enum BelievedTime {
    /// Seconds of silence after which a clock may have jumped as well as nothing have happened.
    private static let silence = 20 * 86_400.0
    /// Seconds that a clock has to go on from where it is, before it is believed.
    private static let proof = 86_400.0

    /// `moments`: when things happened here before, in any order; those ahead of `now` are none.
    ///
    /// After a long silence it is a day later than what happened last, until things happened for a day.
    static func now(_ now: Date, after moments: [Date]) -> Date {
        let known = moments.filter { $0 <= now }.sorted() + [now]
        guard
            let gap = Array(zip(known, known.dropFirst())).last(where: { $1.timeIntervalSince($0) > silence }
            ),
            now.timeIntervalSince(gap.1) < proof
        else { return now }
        return gap.0.addingTimeInterval(proof)
    }
}
