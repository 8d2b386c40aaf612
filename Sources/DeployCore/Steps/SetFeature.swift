/// Gives a feature another share, which services read from their file at once.
struct SetFeature: StepWork {
    static let id = "set-feature"
    var feature: String
    var share: FeatureShare
    /// What it is now.
    var before: FeatureShare
    /// The switch that it replaces; nil where it is as its definition says.
    var replaces: FeatureChoice?

    var title: String { "Switch feature \(feature) from \(before) to \(share)" }

    func perform(in context: StepContext) throws(DeployError) -> String {
        let place = FeaturePlace(site: context.site)
        try place.set(
            feature,
            to: FeatureChoice(
                share: share, performer: context.origin.performer, since: context.ports.clock.now(),
                reason: context.origin.reason))
        guard try place.published()?[feature] == share else {
            throw DeployError(
                .stepFailed, what: "Feature \(feature) is not \(share)",
                why: "the file that services read says otherwise, or is gone",
                next: "deployctl status \(context.environment.name)")
        }
        return "services read it from now on"
    }

    func undo(in context: StepContext) throws(DeployError) {
        try FeaturePlace(site: context.site).set(feature, to: replaces)
    }
}
