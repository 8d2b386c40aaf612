import Foundation

/// A tool such as a project brings along: it keeps its world in a file, says what runs as JSON, and fails or lies as it is told.
public enum StandInTool {
    /// How it behaves from now on.
    public enum Mood: String, Sendable {
        case honest
        /// Ends well and deploys nothing.
        case liar
        /// Ends well and deploys another release.
        case other
        /// Never ends.
        case hanging
        /// Deploys and fails then, printing its secret.
        case late
        /// What it deploys fails after a moment.
        case failing
        /// Its status is no JSON.
        case babbling
        /// Its status never ends printing.
        case flooding
        /// Its status never ends.
        case mute
        /// Its status fails, printing its secret.
        case broken
        /// Ends well and stops nothing.
        case stubborn
        /// Fails once, and deploys all the same when its status was asked twice more.
        case tardy
        /// Deploys, and its status does not tell one deployment from the other.
        case nameless
        /// As that, and deploys nothing.
        case namelessLiar
    }

    /// Its first argument is what to do; TOOL_WORLD names the file.
    public static let script = #"""
        #!/bin/sh
        set -eu
        world=$TOOL_WORLD
        mood=$(cat "$world.mood" 2>/dev/null || echo honest)
        echo "$* as $DEPLOYCTL_RELEASE of $DEPLOYCTL_ENVIRONMENT after ${DEPLOYCTL_PREVIOUS_RELEASE-nothing}" >>"$world.calls"
        [ "${TOKEN-missing}" = "${TOOL_TOKEN-missing}" ] || { echo "no token" >&2; exit 9; }
        put() {
            number=$(($(cat "$world.number" 2>/dev/null || echo 0) + 1))
            echo $number >"$world.number"
            [ "${mood#nameless}" = "$mood" ] || number=
            printf '{"release": "%s", "deployment": "%s", "state": "%s", "version": "%s"%s}\n' \
                "$1" "$number" "$2" "$(cat version)" "${TOOL_SERVICES:+, \"services\": $TOOL_SERVICES}" >"$world.new"
            mv "$world.new" "$world"
        }
        [ -z "${DATABASE_URL-}" ] || printf %s "${DATABASE_URL#sqlite:///}" >"$world.database"
        case $1 in
        deploy | rollback)
            rm -f "$world.asked"
            case $mood in
            namelessLiar) ;;
            tardy) place=$world; world=$world.coming; put "$2" running; world=$place; echo 2 >"$world.looks"
                echo honest >"$world.mood"; exit 3 ;;
            liar) ;;
            other) put 20200101000000 running ;;
            hanging) sleep 1000 ;;
            late) put "$2" running; echo "$TOKEN crashed after the upload" >&2; exit 3 ;;
            failing) put "$2" failed ;;
            *) put "$2" running ;;
            esac ;;
        status)
            asked=$(($(cat "$world.asked" 2>/dev/null || echo 0) + 1))
            echo $asked >"$world.asked"
            if [ -e "$world.deaf" ] && read -r first last <"$world.deaf" && [ $asked -ge "$first" ] && [ $asked -le "$last" ]; then
                echo "no answer" >>"$world.calls"
                echo "no network" >&2
                exit 7
            fi
            if [ -e "$world.coming" ]; then
                looks=$(($(cat "$world.looks") - 1))
                echo $looks >"$world.looks"
                [ $looks -ge 0 ] || mv "$world.coming" "$world"
            fi
            case $mood in
            babbling) echo "Current deployment: $TOKEN, all is well" ;;
            flooding) head -c 300000 /dev/zero | tr '\0' x ;;
            mute) sleep 1000 ;;
            broken) echo "$TOKEN is not authorized" >&2; exit 1 ;;
            *) cat "$world" 2>/dev/null || echo '{"state": "stopped"}' ;;
            esac ;;
        stop) [ "$mood" = stubborn ] || echo '{"state": "stopped"}' >"$world" ;;
        health) [ ! -e "$world.sick" ] || { echo "p95 is 4 s" >&2; exit 1; } ;;
        logs) printf 'line one\nline two\n' ;;
        esac
        """#

    /// What it says of itself, as far as tests ask.
    public struct World: Decodable, Equatable, Sendable {
        public var release: String?
        public var deployment: String?
        public var state: String
        public var version: String?
    }

    public static func world(at path: String) throws -> World {
        guard let data = FileManager.default.contents(atPath: path) else { return World(state: "stopped") }
        return try JSONDecoder().decode(World.self, from: data)
    }
}
