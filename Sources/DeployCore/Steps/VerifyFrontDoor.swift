/// Asks through the public ports whether the new instance, and no other, answers.
struct VerifyFrontDoor: StepWork {
    static let id = "verify-front-door"
    var instance: String

    var title: String { "Verify through the front door" }

    func programs(in layout: Layout) -> [ProgramCall] {
        FrontDoor(layout: layout).programs(times: Self.times)
    }

    private static let times = 3

    func perform(in context: StepContext) throws(DeployError) -> String {
        let door = FrontDoor(layout: context.layout)
        guard let request = door.request(times: Self.times) else { return "no public port" }
        let result = context.ports.commands.run(request)
        if let complaint = door.complaint(about: result, expecting: Self.times, from: instance) {
            try context.checkInterruption()
            throw DeployError(
                .stepFailed, what: "The front door does not show the new release", why: complaint,
                next: "deployctl doctor")
        }
        return "\(Self.times) of \(Self.times) answers come from it"
    }
}
