//! `deploy/Containerfile`.

use crate::image::is_pinned;
use crate::read;

/// Instructions with their arguments, without comments; continued lines are joined.
fn instructions(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let joined = lines.join("\n").replace("\\\n", " ");
    let split =
        |line: &str| line.split_once(' ').map(|(name, rest)| (name.to_owned(), rest.trim().to_owned()));
    joined.lines().filter_map(split).collect()
}

/// Arguments of the instructions of this name.
fn all<'a>(instructions: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    instructions.iter().filter(|(other, _)| other == name).map(|(_, rest)| rest.as_str()).collect()
}

#[test]
fn its_images_are_pinned_and_its_program_is_not_root() {
    let instructions = instructions(&read("Containerfile"));
    let images = all(&instructions, "FROM");
    assert_eq!(images.len(), 3);
    for image in images {
        assert!(is_pinned(image.split(' ').next().unwrap_or_default()), "{image}");
    }
    let user = all(&instructions, "USER");
    let [id] = user[..] else { panic!("{user:?}") };
    assert!(id.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)), "{id} is no number, or root");
    let last_image = instructions.iter().rposition(|(name, _)| name == "FROM").unwrap();
    let end = &instructions[last_image..];
    assert!(all(end, "RUN").is_empty(), "the final image has no shell");
    assert_eq!((all(end, "EXPOSE"), all(end, "VOLUME")), (vec!["4280"], vec!["/data"]));
    assert!(
        all(end, "COPY")
            .iter()
            .any(|copied| copied.contains(&format!("--chown={id}")) && copied.ends_with(" /data"))
    );
}

#[test]
fn it_builds_as_everyone_does_and_has_the_versions_of_the_manifest() {
    let text = read("Containerfile");
    let manifest = read("../Cargo.toml");
    let quoted = |key: &str| {
        let line = manifest.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap();
        line.split('"').nth(1).unwrap().to_owned()
    };
    assert!(text.contains("make build &&"));
    assert!(text.contains(&format!("FROM rust:{}.", quoted("rust-version"))));
    assert!(text.contains(&format!("image.version=\"{}\"", quoted("version"))));
}

#[test]
fn secrets_are_not_sent_to_the_builder() {
    let ignored = read("../.dockerignore");
    let has = |line: &str| ignored.lines().any(|other| other == line);
    assert!(has("deploy") && has("target") && has("data") && has(".git"));
    assert!(read("../.gitignore").lines().any(|line| line == "/deploy/secrets"));
}
