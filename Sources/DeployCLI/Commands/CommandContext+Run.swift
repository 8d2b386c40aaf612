import DeployCore

extension CommandContext {
    /// The one place that maps a verb to its body.
    func run() throws(DeployError) -> ExitCode {
        let verb = invocation.verb.joined(separator: " ")
        switch verb {
        case "staging": return try StagingCommand(context: self).staging()
        case "production": return try ProductionCommand(context: self).production()
        case "rollback": return try RollbackCommands(context: self).rollback()
        case "plan staging": return try StagingCommand(context: self).planStaging()
        case "plan production": return try ProductionCommand(context: self).planProduction()
        case "plan rollback": return try RollbackCommands(context: self).planRollback()
        case "status": return try StatusCommand(context: self).run()
        case "gates": return try GatesCommand(context: self).gates()
        case "diff": return try DiffCommand(context: self).diff()
        case "history": return try HistoryCommands(context: self).history()
        case "show": return try HistoryCommands(context: self).show()
        case "logs": return try LogsCommand(context: self).run()
        case "validate": return try ValidateCommand(context: self).validate()
        case "doctor": return try DoctorCommand(context: self).run()
        case "start": return try OperateCommands(context: self).operate(.start)
        case "stop": return try OperateCommands(context: self).operate(.stop)
        case "restart": return try OperateCommands(context: self).operate(.restart)
        case "exec": return try ConsoleCommands(context: self).exec()
        case "db": return try ConsoleCommands(context: self).database()
        case "resume": return try RecoveryCommands(context: self).resume()
        case "abort": return try RecoveryCommands(context: self).abort()
        case "lock show": return try LockCommands(context: self).show()
        case "lock acquire": return try LockCommands(context: self).acquire()
        case "lock release": return try LockCommands(context: self).release()
        case "approve": return try ApprovalCommands(context: self).approve()
        case "approvals": return try ApprovalCommands(context: self).approvals()
        case "veto": return try ApprovalCommands(context: self).veto()
        case "clear": return try ApprovalCommands(context: self).clear()
        case "hooks install": return try HooksCommand(context: self).install()
        case "backup create": return try OperateCommands(context: self).operate(.backUp)
        case "backup copy": return try CopyCommand(context: self).run()
        case "backup list": return try BackupCommands(context: self).list()
        case "backup verify": return try VerifyCommand(context: self).run()
        case "backup restore": return try RollbackCommands(context: self).restore()
        case "backup pin": return try PinCommands(context: self).pin()
        case "backup unpin": return try PinCommands(context: self).unpin()
        case "backup prune": return try PruneCommand(context: self).prune()
        default:
            throw DeployError(
                .unexpected, what: "deployctl \(verb) has no body",
                why: "it stands in the command table only",
                next: "report this as a bug")
        }
    }
}
