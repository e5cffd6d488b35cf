//! Architecture rules: which module may use which.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|it| it == "rs")).collect()
}

#[test]
fn only_an_apply_names_the_writer_of_github() {
    let naming: Vec<String> = sources(Path::new("src"))
        .into_iter()
        .filter(|path| fs::read_to_string(path).unwrap().contains("GitHubWriter"))
        .map(|path| path.display().to_string().replace('\\', "/"))
        .filter(|path| !path.starts_with("src/repository/github/"))
        .collect();
    assert!(!naming.is_empty(), "nothing names it; has it another name?");
    let others: Vec<&String> = naming.iter().filter(|path| !path.ends_with("/apply.rs")).collect();
    assert!(others.is_empty(), "these are no applies, but name it: {others:?}");
}

#[test]
fn the_model_and_the_repository_use_nothing_that_comes_later() {
    for (room, allowed) in
        [("model", &[][..]), ("repository", &["crate::model", "crate::repository", "crate::stop"][..])]
    {
        for path in sources(&Path::new("src").join(room)) {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let later = code
                .filter(|line| line.contains("crate::") && !line.contains("in crate::"))
                .find(|line| !allowed.iter().any(|room| line.contains(room)));
            assert_eq!(later, None, "{}", path.display());
        }
    }
}
