//! `init`: the first steps in a repository.

use serde_yaml::Value;

use crate::common::{Workplace, stderr};

#[test]
fn an_empty_repository_gets_a_workflow_and_a_plan_that_applies() {
    let workplace = Workplace::new();
    std::fs::create_dir(workplace.path(".git")).unwrap();
    workplace.write(".git/HEAD", "ref: refs/heads/trunk\n");
    insta::assert_snapshot!(workplace.stdout(&["init"]));
    let workflow: Value = serde_yaml::from_str(&workplace.read(".github/workflows/plan.yml")).unwrap();
    assert_eq!(workflow["on"]["push"]["branches"][0], "trunk");
    assert_eq!(workflow["permissions"], Value::Mapping(serde_yaml::Mapping::new()), "nothing is granted to all jobs");
    for job in ["preview", "apply", "drift"] {
        let steps = &workflow["jobs"][job]["steps"];
        assert_eq!(steps[1]["with"]["plan"], "docs/plan.md", "{job}");
    }
    let output = workplace.run(&["apply", "docs/plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(workplace.repository()["issues"].as_array().unwrap().len(), 3);
}

#[test]
fn nothing_is_overwritten() {
    let workplace = Workplace::new();
    workplace.stdout(&["init"]);
    workplace.write(".github/workflows/plan.yml", "mine");
    let plan = workplace.read("docs/plan.md");
    let said = workplace.stdout(&["init"]);
    assert!(said.contains(".github/workflows/plan.yml: there already, and left as it is"), "{said}");
    assert_eq!(workplace.read(".github/workflows/plan.yml"), "mine");
    assert!(workplace.read("docs/plan.md").ends_with(&plan), "the plan lost something");
    let declared = workplace.read("docs/plan.md");
    let said = workplace.stdout(&["init"]);
    assert!(said.contains("docs/plan.md: left as it is, because its form is declared already"), "{said}");
    assert_eq!(workplace.read("docs/plan.md"), declared);
}

#[test]
fn the_form_of_a_plan_that_is_there_is_declared_as_it_was_recognised() {
    let workplace = Workplace::new();
    let plan = "---\r\nplan: garden\r\n---\r\n\r\n# Garden\r\n\r\n## Sprint 1\r\n\r\n- [ ] Dig\r\n- [ ] Sow\r\n\r\n## Sprint 2\r\n\r\n- [ ] Reap\r\n";
    workplace.write("ROADMAP.md", plan);
    let before = workplace.stdout(&["show", "ROADMAP.md"]);
    insta::assert_snapshot!(workplace.stdout(&["init"]));
    let head = "---\r\nplan: garden\r\nread:\r\n  milestones: \"## Sprint *\"\r\n  issues: checkboxes\r\n---\r\n";
    assert_eq!(workplace.read("ROADMAP.md"), plan.replace("---\r\nplan: garden\r\n---\r\n", head));
    assert_eq!(workplace.stdout(&["show", "ROADMAP.md"]), before);
}
