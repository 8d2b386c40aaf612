extension PlanBuilder {
    /// The steps with the project's own programs around them; a rehearsal runs none.
    func hooked(_ steps: [Step], for goal: PlanDraft.Goal) -> [Step] {
        guard !environment.hooks.commands.isEmpty else { return steps }
        switch goal {
        case .rehearse, .copy, .setFeature, .nothing, .restart, .start, .stop: return steps
        case .backUp: return aroundSteps(steps, data: nil)
        case .build, .redeploy, .promote:
            return hook(.preDeploy) + aroundSteps(steps, data: nil) + hook(.postDeploy)
        case .rollback(let release, let data):
            let inner = aroundSteps(steps, data: data?.timestamp)
            let isCurrent = release.timestamp == facts.release?.timestamp
            return isCurrent ? inner : hook(.preRollback) + inner + hook(.postRollback)
        }
    }

    private func aroundSteps(_ steps: [Step], data: Timestamp?) -> [Step] {
        steps.flatMap { step -> [Step] in
            switch step {
            case .buildRelease: hook(.preBuild) + [step] + hook(.postBuild)
            case .backUp(let work): hook(.preBackup, work.backup) + [step]
            case .proveBackup(let work): [step] + hook(.postBackup, work.backup)
            case .migrate: hook(.preMigrate) + [step] + hook(.postMigrate)
            case .restoreBackup: hook(.preRestore, data) + [step] + hook(.postRestore, data)
            case .cutOver: hook(.preCutover) + [step] + hook(.postCutover)
            default: [step]
            }
        }
    }

    private func hook(_ moment: Environment.Moment, _ backup: Timestamp? = nil) -> [Step] {
        environment.hooks.commands[moment] == nil ? [] : [.runHook(RunHook(moment: moment, backup: backup))]
    }
}
