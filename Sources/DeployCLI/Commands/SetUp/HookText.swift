import DeployCore

/// What `hooks install` writes and prints.
struct HookText {
    let program: String
    let project: String

    /// By this line a hook is known as ours.
    static let mark = "# Written by deployctl hooks install."

    private var call: String {
        "DEPLOYCTL_TRIGGER=hook \(Command(program, ["--project", project]).description) staging --detach --quiet"
    }

    var postCommit: String {
        """
        #!/bin/sh
        \(Self.mark)
        # Deploys each commit to staging in the background; the commit never waits for it.
        \(call) || true

        """
    }

    var postReceive: String {
        """
        #!/bin/sh
        \(Self.mark)
        # Deploys the last branch that was pushed to staging in the background.
        branch=
        while read -r _ commit name; do
            case $commit in *[!0]*) ;; *) continue ;; esac
            case $name in refs/heads/*) branch=${name#refs/heads/} ;; esac
        done
        [ -n "$branch" ] || exit 0
        \(call) --ref "$branch" || true

        """
    }

    static let github = """
        # .github/workflows/deploy.yml: staging on each push, production by hand with the typed word.
        name: deploy
        on:
          push:
            branches: [main]
          workflow_dispatch:
            inputs:
              confirm:
                description: Type CONFIRM to deploy what staging runs to production
                required: true
        concurrency: deploy
        jobs:
          staging:
            if: github.event_name == 'push'
            runs-on: self-hosted
            steps:
              - uses: actions/checkout@v4
                with: {clean: false, fetch-depth: 0}
              - run: deployctl staging --progress plain --idempotency-key "staging-${{ github.run_id }}-${{ github.run_attempt }}"
          production:
            if: github.event_name == 'workflow_dispatch'
            runs-on: self-hosted
            environment: production
            steps:
              - uses: actions/checkout@v4
                with: {clean: false, fetch-depth: 0}
              - run: deployctl production --progress plain --confirm "$WORD" --idempotency-key "production-${{ github.run_id }}-${{ github.run_attempt }}"
                env:
                  WORD: ${{ inputs.confirm }}

        """

    static let gitlab = """
        # .gitlab-ci.yml: staging on each push, production by hand; set the variable WORD to CONFIRM when you run it.
        stages: [staging, production]
        variables:
          GIT_CLEAN_FLAGS: none
          GIT_DEPTH: "0"
        staging:
          stage: staging
          resource_group: deploy
          script:
            - deployctl staging --progress plain --idempotency-key "staging-$CI_JOB_ID"
          rules:
            - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
        production:
          stage: production
          resource_group: deploy
          environment: production
          script:
            - deployctl production --progress plain --confirm "$WORD" --idempotency-key "production-$CI_JOB_ID"
          rules:
            - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
              when: manual

        """
}
