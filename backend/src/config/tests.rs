//! Files and flags to checked settings. The environment of the test process is not used.

use super::*;

fn load(toml: &str, flags: Flags) -> Result<Config, String> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("flarepath.toml");
    std::fs::write(&file, toml).unwrap();
    let name = file.display().to_string();
    Config::load(Some(&file), &flags).map_err(|e| e.to_string().replace(&name, "FILE"))
}

fn flags(listen: &str) -> Flags {
    Flags { listen: Some(listen.to_owned()), ..Flags::default() }
}

#[test]
fn flags_override_the_file_and_the_file_overrides_defaults() {
    let config =
        load("listen = '127.0.0.1:1'\ndata = '/tmp/x'\n[query]\ntimeout = '5s'", flags("127.0.0.1:2"));
    let config = config.unwrap();
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.data, PathBuf::from("/tmp/x"));
    assert_eq!(config.query.timeout.as_secs(), 5);
    assert_eq!(config.query.concurrency, 4);
    assert!(config.self_profile);
}

#[test]
fn unknown_key_error_names_key_file_and_allowed_keys() {
    let error = load("[query]\ntimout = '5s'", Flags::default()).unwrap_err();
    assert_eq!(
        error,
        "configuration file FILE: unknown key `query.timout`; allowed here: timeout, concurrency, queue, queue_per_caller, cache_mib"
    );
    let error = load("lisen = 'x'", Flags::default()).unwrap_err();
    assert!(
        error.starts_with("configuration file FILE: unknown key `lisen`; allowed here: listen, data"),
        "{error}"
    );
}

#[test]
fn type_and_syntax_errors_name_the_file() {
    let error = load("self_profile = 'yes'", Flags::default()).unwrap_err();
    assert!(
        error.contains("FILE") && error.contains("`self_profile`") && error.contains("boolean"),
        "{error}"
    );
    let error = load("listen = ", Flags::default()).unwrap_err();
    assert!(error.contains("FILE") && error.contains("line 1"), "{error}");
    let error = Config::load(Some(Path::new("/nowhere/f.toml")), &Flags::default()).unwrap_err().to_string();
    assert!(error.starts_with("cannot read the configuration file /nowhere/f.toml: No such file"), "{error}");
}

#[test]
fn out_of_range_error_names_the_allowed_range() {
    for (toml, key) in [
        ("[query]\ntimeout = '0s'", "query.timeout"),
        ("[query]\nconcurrency = 0", "query.concurrency"),
        ("[query]\nqueue = 0", "query.queue"),
        ("[query]\nqueue_per_caller = 0", "query.queue_per_caller"),
        ("[limits]\nrequest_memory_mib = 63", "limits.request_memory_mib"),
        ("[quotas]\nseries = 2000000000000000", "quotas.series"),
        ("[log]\nformat = 'xml'", "log.format"),
        ("[log]\nlevel = 'flarepath=loud'", "log.level"),
        ("[retention]\nraw = '5m'", "retention.raw"),
        ("[audit]\nretention = '29d'", "audit.retention"),
        ("[retention]\nmax_size = '20'", "retention.max_size"),
        ("[retention]\nmax_size = '63MB'", "retention.max_size"),
        ("data = ''", "data"),
    ] {
        let error = load(toml, Flags::default()).unwrap_err();
        assert!(
            error.starts_with(&format!("configuration key `{key}`")) && error.contains("expected"),
            "{error}"
        );
    }
}

#[test]
fn listens_on_loopback_unless_configured_otherwise() {
    for loopback in ["127.0.0.1:4280", "localhost:0", "[::1]:4280", "127.8.9.1:1"] {
        assert!(load("", flags(loopback)).is_ok(), "{loopback}");
    }
    for open in ["0.0.0.0:4280", "[::]:4280", "192.168.1.2:80"] {
        let error = load("", flags(open)).unwrap_err();
        assert!(error.contains(open) && error.contains("--insecure-no-auth"), "{error}");
        assert!(load("public_url = 'https://fp.example'", flags(open)).is_ok(), "{open}");
        assert!(load("public_url = 'http://fp.example'", flags(open)).unwrap_err().contains("insecure_http"));
        let insecure = Flags { insecure_no_auth: Some(true), ..flags(open) };
        assert!(load("", insecure).is_ok(), "{open}");
    }
    for bad in ["4280", "127.0.0.1", "127.0.0.1:99999", "example.org:80", ""] {
        assert!(load("", flags(bad)).unwrap_err().contains("ADDR:PORT"), "{bad}");
    }
}

#[test]
fn every_key_is_documented() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/configuration.md");
    let text = std::fs::read_to_string(file).unwrap();
    let listed = text.split("```").nth(1).unwrap();
    let (top, sections) = listed.split_at(listed.find("\n[").unwrap());
    let has_key = |part: &str, key: &str| part.lines().any(|line| line.starts_with(&format!("{key} = ")));
    let serde_json::Value::Object(keys) = serde_json::to_value(raw::Raw::default()).unwrap() else {
        panic!()
    };
    for (key, value) in keys {
        let serde_json::Value::Object(inner) = value else {
            assert!(has_key(top, &key), "{key}");
            continue;
        };
        let from = sections.find(&format!("\n[{key}]")).unwrap_or_else(|| panic!("no [{key}]"));
        let section = &sections[from + 2..];
        let section = section.split("\n[").next().unwrap();
        for key in inner.keys() {
            assert!(has_key(section, key), "{key} in {section}");
        }
    }
}

#[test]
fn the_size_is_limited_whether_or_not_ages_are() {
    assert_eq!(load("", Flags::default()).unwrap().max_size, None);
    let config = load("[retention]\nforever = true\nmax_size = '20GB'", Flags::default()).unwrap();
    assert_eq!((config.max_size, config.retention), (Some(20_000_000_000), None));
}
