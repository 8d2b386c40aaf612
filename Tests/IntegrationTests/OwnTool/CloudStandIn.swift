/// wrangler, kubectl, helm, nomad and fly as far as the recipes ask them, in one program that knows by its name which it is.
///
/// It keeps its clouds in a file and answers in the shapes the tools print. With a file `lie` beside that file it says
/// that it deployed, and deploys nothing; with a file `down` none answers.
enum CloudStandIn {
    static let names = ["npx", "kubectl", "helm", "nomad", "fly"]

    static let script = #"""
        import json, os, re, sys

        name, args = os.path.basename(sys.argv[0]), sys.argv[1:]
        place = os.path.join(os.environ["HOME"], "clouds.json")
        clouds = json.load(open(place)) if os.path.exists(place) else {}


        if os.path.exists(os.path.join(os.environ["HOME"], "down")):
            print("the API is down", file=sys.stderr)
            sys.exit(1)


        def after(*flags):
            return next(args[i + 1] for i, word in enumerate(args) if word in flags)


        def has(*words):
            return [word for word in args if not word.startswith("-")][: len(words)] == list(words)


        def need(variable, path=False):
            value = os.environ.get(variable)
            if not value or path and not os.path.exists(value):
                fail(f"{variable} is not set")


        def fail(text):
            print(text, file=sys.stderr)
            sys.exit(1)


        def keep(cloud, release):
            if not os.path.exists(os.path.join(os.environ["HOME"], "lie")):
                number = (clouds.get(cloud) or {}).get("number", 0) + 1
                clouds[cloud] = {"number": number, "release": release}
                json.dump(clouds, open(place, "w"))


        def drop(cloud):
            clouds.pop(cloud, None)
            json.dump(clouds, open(place, "w"))


        def say(value):
            print(json.dumps(value, indent=2))


        def wrangler():
            need("CLOUDFLARE_API_TOKEN")
            cloud = after("--env")
            now = clouds.get(cloud)
            if has("wrangler", "deploy"):
                keep(cloud, after("--var").split(":", 1)[1])
                print("Total Upload: 0.19 KiB / gzip: 0.16 KiB\nDeployed shop triggers (0.85 sec)")
            elif has("wrangler", "delete"):
                drop(cloud)
            elif not now:
                fail("X [ERROR] A request to the Cloudflare API failed.\n\n  This Worker does not exist on your account. [code: 10007]")
            elif has("wrangler", "deployments", "status"):
                say({"id": "d%d" % now["number"], "source": "wrangler", "strategy": "percentage", "author_email": "ops@shop.example",
                     "created_on": "2026-11-21T02:15:30.000000Z", "annotations": {"workers/triggered_by": "deployment"},
                     "versions": [{"version_id": "v%d" % now["number"], "percentage": 100}]})
            elif has("wrangler", "versions", "view"):
                assert args[3] == "v%d" % now["number"], args
                say({"id": args[3], "number": now["number"], "metadata": {"source": "wrangler", "hasPreview": False}, "annotations": {},
                     "resources": {"bindings": [{"name": "KEY", "type": "secret_text"},
                                                {"name": "RELEASE", "type": "plain_text", "text": now["release"]}],
                                   "script": {"etag": "13a3", "handlers": ["fetch"]}}})


        def kubectl():
            need("KUBECONFIG", path=True)
            cloud = after("--namespace")
            now = clouds.get(cloud)
            if "apply" in args:
                text = sys.stdin.read()
                assert "COMMIT" not in text, text
                keep(cloud, re.search(r'deployctl/release: "(\d+)"', text)[1])
                print("deployment.apps/web configured")
            elif "rollout" in args:
                print('deployment "web" successfully rolled out')
            elif "delete" in args:
                drop(cloud)
            elif "wait" in args:
                sys.exit(0 if now else 1)
            elif "logs" in args:
                print("served a page")
            elif now:
                revision = now["number"]
                say({"apiVersion": "apps/v1", "kind": "Deployment",
                     "metadata": {"name": "web", "generation": revision, "annotations": {
                         "deployctl/release": now["release"], "deployment.kubernetes.io/revision": str(revision)}},
                     "spec": {"replicas": 2, "progressDeadlineSeconds": 600},
                     "status": {"observedGeneration": revision, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2,
                                "conditions": [{"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
                                               {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"}]}})


        def helm():
            need("KUBECONFIG", path=True)
            cloud = after("--namespace")
            now = clouds.get(cloud)
            state = (now or {}).get("state", "deployed")
            if args[0] == "upgrade":
                if state != "deployed":
                    fail("Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress")
                keep(cloud, after("--set-string").split("=", 1)[1])
                print('Release "shop" has been upgraded. Happy Helming!')
            elif args[0] == "list":
                say([{"name": "shop", "namespace": cloud, "revision": "1", "status": state}] if now else [])
            elif args[0] == "rollback":
                keep(cloud, now["release"])
            elif args[0] == "uninstall":
                drop(cloud)
            elif not now:
                fail("Error: release: not found")
            else:
                say({"name": "shop", "namespace": cloud, "version": now["number"], "manifest": "x" * 100000,
                     "config": {"image": {"tag": "abc"}, "release": now["release"]},
                     "info": {"status": state, "description": "Upgrade complete", "deleted": "",
                              "last_deployed": "2026-11-21T02:15:30.1+00:00"}})


        def nomad():
            need("NOMAD_TOKEN")
            if has("job", "run"):
                given = dict(word.split("=", 1) for word in args if "=" in word)
                return keep("shop-" + given["environment"], given["release"])
            cloud = args[-1]
            now = clouds.get(cloud)
            if has("job", "stop"):
                drop(cloud)
            elif not now:
                fail('No job(s) with prefix or ID "%s" found' % cloud)
            elif has("job", "inspect"):
                say({"Job": {"ID": cloud, "Meta": {"release": now["release"]}, "Version": now["number"] - 1, "Status": "running",
                             "Stop": False, "Stable": True, "JobModifyIndex": 10 + now["number"], "TaskGroups": [{"Name": "web", "Count": 2}]}})
            elif has("job", "deployments"):
                say({"ID": "5ac0", "JobID": cloud, "JobVersion": now["number"] - 1, "Status": "successful",
                     "StatusDescription": "Deployment completed successfully",
                     "TaskGroups": {"web": {"DesiredTotal": 2, "HealthyAllocs": 2, "UnhealthyAllocs": 0}}})


        def fly():
            need("FLY_API_TOKEN")
            cloud = after("--app")
            now = clouds.get(cloud)
            if args[0] == "deploy":
                keep(cloud, after("--image-label"))
            elif args[0] == "logs":
                print("served a page")
            else:
                machine = {"region": "ams", "checks": [{"name": "http", "status": "passing"}]}
                image = {"registry": "registry.fly.io", "repository": cloud, "tag": now and now["release"], "digest": "sha256:1"}
                say({"ID": cloud, "Name": cloud, "Hostname": cloud + ".fly.dev", "Deployed": bool(now), "Status": "deployed" if now else "pending",
                     "Version": now["number"] if now else 0,
                     "Machines": [dict(machine, id="m%d" % number, state=state, image_ref=image)
                                  for number, state in enumerate(["started", "stopped"])] if now else []})


        {"npx": wrangler, "kubectl": kubectl, "helm": helm, "nomad": nomad, "fly": fly}[name]()
        """#
}
