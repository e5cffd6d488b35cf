//! Bad input: a clear error, exit code 1, and nothing written.

use crate::common::{OBSERVATORY, Workplace, exists, stderr};
use predicates::prelude::*;

/// Applies a plan that must be rejected, and returns the error output.
fn refused(plan: impl AsRef<[u8]>) -> String {
    let workplace = Workplace::new();
    workplace.write("plan.md", plan);
    let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(!exists(&workplace.path("repo.json")), "something was written");
    stderr(&output)
}

fn edited(from: &str, to: &str) -> String {
    assert!(OBSERVATORY.contains(from), "`{from}` is not in the fixture");
    refused(OBSERVATORY.replace(from, to))
}

#[test]
fn unreadable_files_are_errors() {
    let workplace = Workplace::new();
    std::fs::create_dir(workplace.path("folder")).unwrap();
    for (name, words) in [
        ("missing.md", "name an existing file, or a glob"),
        ("folder", "is a directory"),
        ("*.nothing", "no file matches"),
    ] {
        workplace
            .command()
            .args(["apply", name, "--offline", "repo.json", "--yes"])
            .assert()
            .code(1)
            .stderr(predicate::str::contains(words).and(predicate::str::contains(name)));
    }
    assert!(!exists(&workplace.path("repo.json")));
}

#[cfg(unix)]
#[test]
fn special_files_are_rejected_without_blocking() {
    let workplace = Workplace::new();
    let made = std::process::Command::new("mkfifo").arg(workplace.path("pipe.md")).status().unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(workplace.path("socket.md")).unwrap();
    for (link, to) in [("link.md", "pipe.md"), ("zero.md", "/dev/zero"), ("status.md", "/proc/self/status")] {
        std::os::unix::fs::symlink(to, workplace.path(link)).unwrap();
    }
    for (name, named, kind) in [
        ("pipe.md", "pipe.md", "a pipe"),
        ("link.md", "link.md", "a pipe"),
        ("pi*.md", "pipe.md", "a pipe"),
        ("lin?.md", "link.md", "a pipe"),
        ("socket.md", "socket.md", "a socket"),
        ("/dev/zero", "/dev/zero", "a device"),
        ("zero.md", "zero.md", "a device"),
        ("/proc/self/status", "/proc/self/status", "a file of the system"),
        ("status.md", "status.md", "a file of the system"),
    ] {
        let mut command = workplace.command();
        command.args(["apply", name, "--offline", "repo.json", "--yes"]).timeout(std::time::Duration::from_secs(20));
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{name}: {}", stderr(&output));
        let words = format!(
            "error: `{named}` is not a regular file but {kind}, which may never end, so it is not read; save the plan in \
             a file, or pass it on standard input with `-`\n"
        );
        assert_eq!(stderr(&output), words, "{name}");
    }
    assert!(!exists(&workplace.path("repo.json")));
}

#[cfg(unix)]
#[test]
fn standard_input_is_read_up_to_the_limit_and_not_for_ever() {
    let workplace = Workplace::new();
    let zero = std::process::Stdio::from(std::fs::File::open("/dev/zero").unwrap());
    let program = workplace.command().get_program().to_owned();
    let mut command = std::process::Command::new(program);
    let output = command.args(["check", "-"]).current_dir(workplace.path("")).stdin(zero).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("the plan `-` is larger than 5 MiB"), "{}", stderr(&output));
}

#[test]
fn texts_that_are_not_a_plan_are_errors() {
    let latin = [b"# Plan\n\nGr\xfc\xdfe".as_slice(), b"\n"].concat();
    insta::assert_snapshot!(refused(latin), @"error: plan.md:3:3: the plan is not UTF-8 from here on; save it as UTF-8");
    assert!(refused("").contains("error[empty-plan]"));
    assert!(refused("\u{feff}\n  \n").contains("error[empty-plan]"));
    assert!(refused("# Notes\n\nWe met on Monday.\n").contains("error[no-plan]"));
    assert!(refused("a".repeat(100_000_000)).contains("larger than 5 MiB"));
}

#[test]
fn too_deep_nesting_is_an_error() {
    assert!(refused("- ".repeat(10_000) + "x").contains("error[too-deep]"));
    assert!(refused("> ".repeat(10_000) + "x").contains("error[too-deep]"));
    let steps: String = (0..1_000).map(|depth| " ".repeat(2 * depth) + "- x\n").collect();
    assert!(refused(steps).contains("error[too-deep]"));
}

#[test]
fn references_to_unknown_items_are_errors() {
    insta::assert_snapshot!(edited("[O1, O3]", "[O1, O33]"), @"
    error[unknown-dependency]: there is no issue `O33` in this plan
      --> plan.md:71:21
       |
    71 | - `depends_on: [O1, O33]`
       |                     ^^^
       |
       = help: did you mean `O3`?

    error: nothing was written, because the plan has errors
    ");
    let milestone = edited("- Milestone: `M3`\n- Labels: `people`", "- Milestone: `M4`\n- Labels: `people`");
    assert!(milestone.contains("error[unknown-milestone]") && milestone.contains("plan.md:98:15"), "{milestone}");
    assert!(milestone.contains("known milestones: M1, M2, M3"), "{milestone}");
}

#[test]
fn dependency_cycles_are_errors() {
    assert!(edited("[O1, O3]", "[O1, O4]").contains("error[self-dependency]: `O4` depends on itself"));
    let cycle = edited("- `depends_on: [O2, O4]`", "- `depends_on: [O2, O8]`");
    assert!(cycle.contains("these issues depend on each other in a cycle: O5 → O8 → O6 → O5"), "{cycle}");
}

#[test]
fn duplicate_definitions_are_errors() {
    let key = edited("### `O7` Night rota", "### `O6` Night rota");
    assert!(key.contains("error[duplicate-key]: two issues have the key `O6`"), "{key}");
    assert!(key.contains("on line 86 and line 95"), "{key}");
    // The same mistake makes `O7` missing, which is not reported again.
    assert_eq!(key.matches("error[").count(), 1, "{key}");
    let milestone = edited("2. `M2` First light", "2. `M1` First light");
    assert!(milestone.contains("error[duplicate-key]: two milestones have the key `M1`"), "{milestone}");
}

#[test]
fn values_that_github_would_reject_are_errors() {
    let title = edited("Grind the mirror\n\n-", &format!("{}\n\n-", "x".repeat(300)));
    assert!(title.contains("the title has 303 characters; GitHub allows 256"), "{title}");
    let label = edited("`optics`\n- Acc", &format!("`{}`\n- Acc", "x".repeat(60)));
    assert!(label.contains("the label has 60 characters; GitHub allows 50"), "{label}");
    let date = edited("2026-05-18", "2026-02-30");
    assert!(date.contains("error[impossible-date]: the date `2026-02-30` does not exist"), "{date}");
    assert!(date.contains("plan.md:12:19"), "{date}");
}

#[test]
fn invalid_front_matter_is_an_error() {
    let with = |yaml: &str| refused(format!("---\n{yaml}\n---\n{OBSERVATORY}"));
    assert!(with("plan: [").contains("error[bad-front-matter]"));
    assert!(with("- a\n- b").contains("error[bad-front-matter]"));
    let unknown = with("plan: sky\nstrat: 2026-01-01\nlayout: red\nwidth: 3");
    assert!(unknown.contains("`strat` is not a known key") && unknown.contains("did you mean `start`?"), "{unknown}");
    assert!(unknown.contains("plan.md:3:1"), "{unknown}");
    assert!(unknown.contains("keys that belong to other tools and are ignored: `layout`, `width`"), "{unknown}");
    assert!(with("dialect: brakdown").contains("did you mean `breakdown`?"));
    assert!(with("drift: undo").contains("`drift` must be `keep` or `restore`"));
    assert!(with("start: 2026-02-30").contains("error[impossible-date]"));
    assert!(with("labels:\n  api: 123456").contains("put the colour in quotes"));
    assert!(with("labels:\n  api: blue").contains("is not a colour"));
    assert!(with("labels:\n  api: { colour: \"0e8a16\" }").contains("unknown field `colour`"));
}

#[test]
fn a_setting_that_has_no_effect_is_noted() {
    let workplace = Workplace::new();
    workplace.write("plan.md", format!("---\ntasks: checklist\n---\n{OBSERVATORY}"));
    let output = workplace.run(&["check", "plan.md"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("note[no-effect]: `tasks: checklist` has no effect"), "{}", stderr(&output));
}

#[test]
fn all_errors_are_reported_at_once() {
    let plan =
        OBSERVATORY.replace("[O1, O3]", "[O1, X9]").replace("2026-05-18", "2026-02-30").replace("`O7` N", "`O6` N");
    let said = refused(plan);
    for code in ["unknown-dependency", "impossible-date", "duplicate-key"] {
        assert!(said.contains(&format!("error[{code}]")), "{code} is missing: {said}");
    }
}

#[test]
fn unusable_offline_files_are_not_changed() {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    for (text, words) in [
        ("{", "it is damaged"),
        ("[]", "it has no"),
        (r#"{"name": "x", "version": "1.0.0"}"#, "it has no"),
        (r#"{"format": "other", "version": 1}"#, "its format is `other`"),
        (r#"{"format": "plan-action repository", "version": 9}"#, "version 9"),
        (r#"{"format": "plan-action repository", "version": 1, "isues": []}"#, "unknown field `isues`"),
        (
            r#"{"format": "plan-action repository", "version": 1,
                "issues": [{"number": 1, "title": "a"}, {"number": 1, "title": "b"}]}"#,
            "there are two issues #1",
        ),
        (r#"{"format": "plan-action repository", "version": 1, "pinned": [4]}"#, "#4 is pinned, but is not there"),
    ] {
        workplace.write("repo.json", text);
        for command in ["apply", "preview"] {
            workplace
                .command()
                .args([command, "plan.md", "--offline", "repo.json"])
                .assert()
                .code(1)
                .stdout("")
                .stderr(predicate::str::contains(words));
        }
        assert_eq!(workplace.read("repo.json"), text);
    }
}

#[test]
fn unwritable_offline_files_are_errors() {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    std::fs::create_dir(workplace.path("folder.json")).unwrap();
    for (name, words) in [("missing/repo.json", "its folder is not there"), ("folder.json", "cannot read")] {
        workplace
            .command()
            .args(["apply", "plan.md", "--offline", name])
            .assert()
            .code(1)
            .stdout("")
            .stderr(predicate::str::contains(words));
    }
    workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    let mut permissions = std::fs::metadata(workplace.path("repo.json")).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(workplace.path("repo.json"), permissions).unwrap();
    workplace.edit("plan.md", "2026-05-18", "2026-05-19");
    let before = workplace.read("repo.json");
    let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("is read-only"), "{}", stderr(&output));
    assert_eq!(workplace.read("repo.json"), before);
}

#[test]
fn wrong_usage_has_its_own_exit_code() {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    for arguments in [&["apply", "plan.md"][..], &["preview"], &["bogus"], &["show", "plan.md", "--format", "xml"], &[]]
    {
        workplace.command().args(arguments).assert().code(2).stdout("");
    }
    let output = workplace.run(&["apply", "plan.md"]);
    assert!(stderr(&output).contains("--offline FILE.json"), "{}", stderr(&output));
}
