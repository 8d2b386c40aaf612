import DeployCore
