import Foundation
import XCTest

@testable import DeployCore

/// cp, tar and zstd as far as backups of folders need them, on a file system in memory.
struct SimulatedArchiver {
    let files: MemoryFileStore

    func run(_ request: CommandRequest) -> CommandResult {
        let arguments = request.command.arguments
        do {
            switch request.command.program {
            case "cp": try copy(arguments.dropLast().last ?? "", to: arguments.last ?? "")
            case "tar" where arguments.contains("--create"):
                return CommandResult(.exited(0), output: try pack(arguments.dropLast().last ?? ""))
            case "tar" where arguments.contains("--file"):
                let place = try XCTUnwrap(arguments.firstIndex(of: "--directory"))
                let file = try XCTUnwrap(arguments.firstIndex(of: "--file"))
                try unpack(files.read(arguments[file + 1]) ?? Data(), to: arguments[place + 1])
            case "tar": try unpack(request.input ?? Data(), to: arguments.last ?? "")
            default:
                guard let file = request.outputFile else {
                    let data = try files.read(arguments.last ?? "") ?? Data()
                    return CommandResult(.exited(0), output: String(decoding: data, as: UTF8.self))
                }
                files.write(request.input ?? Data(), to: file)
            }
            return CommandResult(.exited(0))
        } catch {
            return CommandResult(.exited(2), errors: "\(error)")
        }
    }

    /// A commit of one program and one migration.
    func archive(_ command: Command) -> CommandResult {
        let option = "--output="
        let file = command.arguments.first { $0.hasPrefix(option) }?.dropFirst(option.count)
        let sql = "CREATE TABLE note (text); INSERT INTO note VALUES one"
        files.write(
            #"{"bin/web": "\#(command.arguments.last ?? "")", "migrations/0001.sql": "\#(sql)"}"#,
            to: String(file ?? ""))
        return CommandResult(.exited(0))
    }

    private func copy(_ folder: String, to copy: String) throws {
        try files.makeFolder(copy)
        try unpack(Data(pack(folder).utf8), to: copy)
    }

    private func pack(_ folder: String) throws -> String {
        let manifest = try files.manifest(of: folder, except: [])
        var contents: [String: String] = [:]
        for entry in manifest.entries {
            let data = try files.read("\(folder)/\(entry.path)") ?? Data()
            contents[entry.path] = String(decoding: data, as: UTF8.self)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(contents), as: UTF8.self)
    }

    private func unpack(_ archive: Data, to folder: String) throws {
        for (path, text) in try JSONDecoder().decode([String: String].self, from: archive) {
            files.write(text, to: "\(folder)/\(path)")
        }
    }
}
