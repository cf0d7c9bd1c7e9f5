//! The tables, in numbered files of SQL, as one server and as a cluster has them. Pure.
//!
//! The files are valid SQL for one server, where their marks say nothing. For a cluster the marks are replaced: `/*ON CLUSTER*/`
//! by the clause, `/*Replicated*/` by the prefix of the engine's name, and `/*_local*/` by the suffix of the tables that each
//! shard has. Over each of those is a `Distributed` table with the plain name, which statements use in both cases. All rows
//! of a service are on one shard, by [`SHARD`], so that the tables which a query brings together are always on the same one.

use std::fmt::Write;

/// Of tables of profiles: the shard of a row.
const SHARD: &str = "sipHash64(service)";
/// The tables of applied migrations.
const MIGRATIONS: &str = include_str!("sql/migrations.sql");
const FILES: [&str; 1] = [include_str!("sql/0001_profiles.sql")];

/// The version of the tables that this program reads and writes: the number of the last file.
pub(super) const VERSION: u32 = FILES.len() as u32;

/// Statements for one server that bring the tables from `version`, 0 for none, to [`VERSION`].
pub(super) fn statements_after(version: u32) -> Vec<String> {
    let migrations = (version == 0).then_some(MIGRATIONS);
    let files = migrations.into_iter().chain(FILES.into_iter().skip(version as usize));
    files.flat_map(statements).map(|statement| of(&statement, None)).collect()
}

/// A name that needs no quotes: a letter or `_`, then letters, digits and `_`.
pub(crate) fn is_identifier(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.len() <= 64
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(is_part)
}

/// Everything that has to be run once in `database`, for operators; with the name of a cluster for all of its servers. Both
/// names have to be identifiers.
pub(crate) fn script(database: &str, cluster: Option<&str>) -> String {
    let on_cluster = cluster.map(|name| format!(" ON CLUSTER {name}")).unwrap_or_default();
    let mut script = format!("CREATE DATABASE IF NOT EXISTS {database}{on_cluster};\n\nUSE {database};\n");
    for file in [MIGRATIONS].into_iter().chain(FILES) {
        for statement in statements(file) {
            let statement = of(&statement, cluster);
            let _ = write!(script, "\n{statement};\n");
            if let Some((name, table)) = cluster.zip(table(&statement)) {
                let shard = if table == "schema_migrations" { "version" } else { SHARD };
                let _ = write!(
                    script,
                    "\nCREATE TABLE IF NOT EXISTS {table} ON CLUSTER {name} AS {table}_local\n\
                     ENGINE = Distributed({name}, {database}, {table}_local, {shard});\n"
                );
            }
        }
    }
    let versions: Vec<String> = (1..=VERSION).map(|version| format!("({version})")).collect();
    let _ = write!(script, "\nINSERT INTO schema_migrations (version) VALUES {};\n", versions.join(", "));
    script
}

/// A statement for one server, or for all of a cluster.
fn of(statement: &str, cluster: Option<&str>) -> String {
    let marks = ["/*_local*/", "/*ON CLUSTER*/ ", "/*Replicated*/"];
    let instead = match cluster {
        None => [const { String::new() }; 3],
        Some(name) => ["_local".to_owned(), format!("ON CLUSTER {name} "), "Replicated".to_owned()],
    };
    marks.iter().zip(instead).fold(statement.to_owned(), |text, (mark, instead)| text.replace(mark, &instead))
}

/// The plain name of the table that a statement for a cluster makes.
fn table(statement: &str) -> Option<&str> {
    let (_, rest) = statement.split_once("CREATE TABLE IF NOT EXISTS ")?;
    rest.split_once("_local").map(|(name, _)| name)
}

/// The statements of a file, each with the comment above it. A semicolon ends one at the end of a line only.
fn statements(file: &str) -> impl Iterator<Item = String> {
    file.split(";\n").map(|statement| statement.trim().to_owned()).filter(|statement| !statement.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_gets_plain_tables() {
        let all = statements_after(0);
        assert_eq!(all.iter().filter(|statement| statement.contains("CREATE TABLE")).count(), 8);
        assert!(all.iter().all(|statement| statement.contains(" IF NOT EXISTS ")), "they may run again");
        assert_eq!(statements_after(VERSION), Vec::<String>::new());
        let script = script("flarepath", None);
        assert!(!["/*", "ON CLUSTER", "Distributed("].iter().any(|word| script.contains(word)), "{script}");
        assert!(
            script.contains("CREATE TABLE IF NOT EXISTS samples (\n") && script.contains(" = MergeTree\n")
        );
    }

    #[test]
    fn a_cluster_gets_replicated_tables_on_each_shard_and_one_over_all() {
        let script = script("flarepath", Some("prod"));
        assert!(script.starts_with("CREATE DATABASE IF NOT EXISTS flarepath ON CLUSTER prod;\n"));
        assert!(script.contains("CREATE TABLE IF NOT EXISTS samples_local ON CLUSTER prod (\n"));
        assert!(script.contains(") ENGINE = ReplicatedMergeTree\n"));
        assert!(script.contains(") ENGINE = ReplicatedReplacingMergeTree(seen)\n"));
        assert!(script.contains(
            "CREATE TABLE IF NOT EXISTS samples ON CLUSTER prod AS samples_local\n\
             ENGINE = Distributed(prod, flarepath, samples_local, sipHash64(service));\n"
        ));
        assert!(script.contains("ON CLUSTER prod TO hourly_samples_local AS"));
        assert!(script.contains("FROM samples_local\n"));
        assert!(!script.contains("/*"), "{script}");
        assert_eq!(script.matches("ENGINE = Distributed(").count(), 8);
    }

    #[test]
    fn names_that_need_quotes_are_no_identifiers() {
        assert!(is_identifier("flarepath") && is_identifier("_a1"));
        for name in ["", "1a", "a-b", "a b", "a;b", "é", &"a".repeat(65)] {
            assert!(!is_identifier(name), "{name}");
        }
    }
}
