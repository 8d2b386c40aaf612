/// Rack by puma, Rails included.
struct RubyDetector: Detector {
    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard repository.has("config.ru") else { return }
        let bundle = repository.has("Gemfile") ? ["bundle", "exec"] : []
        if !bundle.isEmpty {
            sketch.build += [
                ["bundle", "config", "set", "--local", "path", "vendor/bundle"], ["bundle", "install"],
            ]
        }
        let settings =
            repository.has("config/puma.rb") ? ["-C", "config/puma.rb"] : ["-b", "tcp://127.0.0.1:{port}"]
        sketch.serve(bundle + ["puma"] + settings, as: "Ruby (Rack)")
        if let text = repository.text("config/puma.rb"), !text.holds("HOST") {
            sketch.leave(
                "config/puma.rb listens on every address, past the front: bind \"tcp://#{ENV['HOST']}:#{ENV['PORT']}\""
            )
        }
        sketch.set("RACK_ENV", "production")
        if repository.has("bin/rails") || repository.has("config/application.rb") {
            addRails(bundle, repository, to: &sketch)
        }
    }

    private func addRails(
        _ bundle: [String], _ repository: RepositoryFiles, to sketch: inout ApplicationSketch
    ) {
        sketch.recognise("Rails")
        // Without a Gemfile they are the system's gems, among which no program need be.
        let rails =
            bundle.isEmpty && repository.has("bin/rails") ? ["ruby", "bin/rails"] : bundle + ["rails"]
        sketch.set("RAILS_ENV", "production")
        sketch.hide("SECRET_KEY_BASE", .random(prefix: ""))
        if repository.paths.contains(where: { $0.begins(with: "app/assets/") }) {
            sketch.build.append(["env", "SECRET_KEY_BASE_DUMMY=1"] + rails + ["assets:precompile"])
        }
        sketch.migrations = .command(
            rails + ["db:migrate"], status: rails + ["db:abort_if_pending_migrations"])
        for folder in ["log", "tmp"] { sketch.share(folder, keeping: false) }
        sketch.share("storage", keeping: true)
    }
}
