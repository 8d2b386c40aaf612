/// PHP: php-fpm where the project has a file for it, otherwise PHP's own server.
struct PHPDetector: Detector {
    func look(at repository: RepositoryFiles, adding sketch: inout ApplicationSketch) {
        guard
            let index = repository.first(of: [
                "public/index.php", "web/index.php", "htdocs/index.php", "index.php",
            ]),
            sketch.web == nil
        else { return }
        let root = RepositoryFiles.folder(of: index)
        if repository.has("composer.json") {
            sketch.build.append([
                "composer", "install", "--no-dev", "--no-interaction", "--optimize-autoloader",
            ])
        }
        if repository.text("fpm.conf")?.holds("${SOCKET}") == true, !root.isEmpty {
            sketch.recognise("PHP (FastCGI)")
            sketch.put(
                .init(
                    name: "web", command: ["php-fpm", "--nodaemonize", "--fpm-config", "fpm.conf"],
                    fastCGIRoot: root))
        } else {
            sketch.serve(
                ["php", "-S", "127.0.0.1:{port}", "-t", root.isEmpty ? "." : root, index], as: "PHP")
            sketch.leave(
                "php -S serves one request at a time; for more, an fpm.conf (deployctl's page Applications)")
        }
        guard repository.has("artisan") else { return }
        sketch.recognise("Laravel")
        sketch.migrations = .command(
            ["php", "artisan", "migrate", "--force"],
            status: ["php", "artisan", "migrate:status", "--pending=1"])
        sketch.hide("APP_KEY", .random(prefix: "base64:"))
        sketch.set("APP_ENV", "production")
        sketch.share("storage", keeping: true)
    }
}
