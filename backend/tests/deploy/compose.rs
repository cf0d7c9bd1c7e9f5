//! `deploy/compose.yml`.

use crate::image::is_pinned;
use crate::settings::{Settings, refusal};
use crate::yaml::{Yaml, documents};
use crate::{path, read};

fn compose() -> Yaml {
    documents(&read("compose.yml")).remove(0)
}

#[test]
fn containers_have_pinned_images_and_no_rights_that_they_do_not_need() {
    let compose = compose();
    let services = compose.at("services").unwrap().entries();
    let names: Vec<&str> = services.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["flarepath", "records", "prometheus"]);
    for (name, service) in services {
        assert!(is_pinned(service.text("image").unwrap()), "{name}");
        let ids = service.text("user").unwrap_or_default();
        assert!(ids.split(':').all(|id| id.parse::<u32>().is_ok_and(|id| id > 0)), "{name} runs as {ids}");
        assert_eq!(service.text("read_only"), Some("true"), "{name}");
        assert_eq!(service.texts("cap_drop"), ["ALL"], "{name}");
        assert_eq!(service.texts("security_opt"), ["no-new-privileges:true"], "{name}");
        assert_eq!((service.at("privileged"), service.at("cap_add")), (None, None), "{name}");
        for port in service.texts("ports") {
            assert!(port.starts_with("127.0.0.1:"), "{name} publishes {port}");
        }
    }
}

#[test]
fn secrets_are_files_that_are_defined_and_not_values() {
    let compose = compose();
    let defined = compose.at("secrets").unwrap().entries();
    for (name, secret) in defined {
        let file = secret.text("file").unwrap_or_default();
        assert_eq!(file, format!("./secrets/{name}"));
    }
    for (name, service) in compose.at("services").unwrap().entries() {
        for secret in service.texts("secrets") {
            assert!(defined.iter().any(|(other, _)| other == secret), "{name}: {secret}");
        }
        for (variable, _) in service.at("environment").map(Yaml::entries).unwrap_or_default() {
            let is_secret = ["PASSWORD", "TOKEN", "SECRET"].iter().any(|word| variable.ends_with(word));
            assert!(!is_secret, "{name}: {variable}");
        }
    }
    for (name, config) in compose.at("configs").unwrap().entries() {
        assert!(path(config.text("file").unwrap()).is_file(), "{name}");
    }
}

#[test]
fn its_records_are_reached_by_flarepath_only() {
    let compose = compose();
    assert_eq!(compose.text("networks.records.internal"), Some("true"));
    assert_eq!(compose.texts("services.records.networks"), ["records"]);
    assert_eq!(compose.texts("services.prometheus.networks"), ["public"]);
}

#[test]
fn the_server_accepts_its_settings() {
    let text = read("flarepath-compose.toml");
    assert_eq!(refusal(&Settings::new(&text)), None);
    let compose = compose();
    let config = compose.text("services.flarepath.environment.FLAREPATH_CONFIG").unwrap();
    let secrets = compose.texts("services.flarepath.secrets");
    for file in [config, "/run/secrets/admin-password"] {
        let name = file.strip_prefix("/run/secrets/").unwrap();
        assert!(secrets.contains(&name), "{name}");
    }
    assert!(text.contains("\"/run/secrets/admin-password\"") && text.contains("@records/"));
    assert!(
        compose.texts("services.flarepath.volumes").contains(&"data:/data")
            && text.contains("data = \"/data\"")
    );
}
