/// FastAPI and its kin by uvicorn, Flask and WSGI by gunicorn, anything else that serves by itself.
struct PythonWebDetector: Detector {
    private static let entries = ["app.py", "main.py", "server.py", "run.py", "wsgi.py", "web.py"]
    private static let servers = [
        "HTTPServer(", "run_app(", "uvicorn.run(", "app.run(", "serve_forever(", "make_server(",
        "start_server(",
    ]

    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard sketch.web == nil else { return }
        let sources = repository.sources([".py"])
        if let app = application(["FastAPI(", "Starlette(", "Litestar(", "Quart("], in: sources) {
            let command = sketch.module(
                "uvicorn", [app, "--host", "127.0.0.1", "--port", "{port}"], repository)
            return sketch.serve(command, as: "ASGI (uvicorn)")
        }
        if let app = application(["Flask(", "create_app("], in: sources) {
            let command = sketch.module("gunicorn", [app, "--bind", "127.0.0.1:{port}"], repository)
            return sketch.serve(command, as: "WSGI (gunicorn)")
        }
        if let entry = sources.first(where: { source in
            Self.entries.contains { $0 == source.path } && Self.servers.contains { source.text.holds($0) }
        }) {
            sketch.serve([sketch.python, entry.path], as: "Python")
        }
    }

    /// Module and name, as servers want them: `app.main:app`.
    private func application(_ makers: [String], in sources: [(path: String, text: String)]) -> String? {
        for source in sources {
            guard let name = CodeScan.assigned(to: makers, in: source.text).first,
                let module = Self.module(source.path)
            else { continue }
            return "\(module):\(name)"
        }
        return nil
    }

    /// nil for what is no name of a module.
    static func module(_ path: String) -> String? {
        guard let stem = path.before(".py") else { return nil }
        let parts = stem.split(at: "/").filter { $0 != "__init__" }
        guard !parts.isEmpty, parts.allSatisfy({ $0.utf8.allSatisfy(CodeScan.isOfName) }) else { return nil }
        return parts.joined(separator: ".")
    }
}
