import DeployTestSupport

extension DeployctlFixture {
    /// Deploys to staging what `program` serves, as the definition `base` has it.
    func deployWeb(_ base: String, by program: String) throws {
        try write(base, to: "environments/base.json")
        try write(program, to: "app/web.py")
        try commit("A web")
        try run("staging").expect(0)
    }
}
