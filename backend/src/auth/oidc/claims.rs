//! Claims about a person: from the ID token, and from the userinfo endpoint where the token lacks them.

use serde_json::{Map, Value};

/// Claims by their name.
pub(crate) type Claims = Map<String, Value>;

/// A person as described by the provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) issuer: String,
    /// The stable id at the provider, never reassigned.
    pub(crate) subject: String,
    /// User name at the provider; may change and be reassigned.
    pub(crate) name: String,
    pub(crate) display_name: String,
    /// Only if verified by the provider.
    pub(crate) email: Option<String>,
    /// Groups, as named by the provider.
    pub(crate) groups: Vec<String>,
}

const MAX_GROUPS: usize = 10_000;

/// Whether the userinfo endpoint must be queried as well.
pub(crate) fn is_incomplete(claims: &Claims, groups_claim: &str, wants_groups: bool) -> bool {
    let named = ["preferred_username", "email", "name"].iter().any(|key| claims.contains_key(*key));
    !named || (wants_groups && lookup(claims, groups_claim).is_none())
}

/// The person described by verified claims.
pub(crate) fn person(issuer: &str, subject: &str, claims: &Claims, groups_claim: &str) -> Person {
    let text =
        |key: &str| claims.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    // Some providers send it as a string.
    let verified = matches!(claims.get("email_verified"), Some(Value::Bool(true)))
        || claims.get("email_verified").and_then(Value::as_str) == Some("true");
    let email = text("email").filter(|email| verified && email.len() <= 320).map(str::to_owned);
    let name = text("preferred_username").or(email.as_deref()).unwrap_or(subject);
    Person {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        display_name: one_line(text("name").unwrap_or(name)),
        name: name.to_owned(),
        email,
        groups: groups(claims, groups_claim),
    }
}

/// A claim by its name, or by a dot-separated path of names. A name that contains dots (`https://a.example/groups`) takes
/// precedence.
fn lookup<'a>(claims: &'a Claims, path: &str) -> Option<&'a Value> {
    if let Some(value) = claims.get(path) {
        return Some(value);
    }
    let mut keys = path.split('.');
    let first = claims.get(keys.next()?)?;
    keys.try_fold(first, |value, key| value.get(key))
}

/// Groups: a list of strings, or one string.
fn groups(claims: &Claims, path: &str) -> Vec<String> {
    match lookup(claims, path) {
        Some(Value::Array(list)) => {
            list.iter().filter_map(Value::as_str).take(MAX_GROUPS).map(str::to_owned).collect()
        }
        Some(Value::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    }
}

fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// A valid user name derived from the name at the provider: other characters become `-`.
pub(crate) fn user_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.trim().to_ascii_lowercase().chars().take(80) {
        let allowed = c.is_ascii_alphanumeric() || "._-@+".contains(c);
        name.push(if allowed { c } else { '-' });
    }
    let name = name.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    if name.is_empty() { "person".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::UserName;
    use serde_json::json;

    fn claims(value: Value) -> Claims {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn reads_groups_from_all_known_shapes() {
        for (value, path) in [
            (json!({ "groups": ["a", "b"] }), "groups"),
            (json!({ "realm_access": { "roles": ["a", "b"] } }), "realm_access.roles"),
            (json!({ "https://x.example/groups": ["a", "b"] }), "https://x.example/groups"),
            (json!({ "groups": ["a", 7, null, "b"] }), "groups"),
        ] {
            assert_eq!(groups(&claims(value), path), ["a", "b"], "{path}");
        }
        assert_eq!(groups(&claims(json!({ "hd": "x.example" })), "hd"), ["x.example"]);
        for none in [json!({}), json!({ "groups": { "a": 1 } }), json!({ "groups": null })] {
            assert_eq!(groups(&claims(none), "groups"), [""; 0]);
        }
    }

    #[test]
    fn only_verified_addresses_count() {
        let of = |value: Value| person("i", "s", &claims(value), "groups");
        let verified = of(json!({ "email": "a@x.example", "email_verified": true }));
        assert_eq!((verified.email.as_deref(), verified.name.as_str()), (Some("a@x.example"), "a@x.example"));
        assert!(of(json!({ "email": "a@x.example", "email_verified": "true" })).email.is_some());
        for unverified in [json!(false), json!("false"), json!(1), json!(null)] {
            let person = of(json!({ "email": "a@x.example", "email_verified": unverified }));
            assert_eq!((person.email, person.name.as_str()), (None, "s"));
        }
        assert_eq!(of(json!({ "name": "A\nB\u{0}", "preferred_username": "ab" })).display_name, "AB");
    }

    #[test]
    fn derived_user_names_are_valid() {
        for (text, expected) in [
            ("Ann Smith", "ann-smith"),
            ("ann@x.example", "ann@x.example"),
            ("Jürgen", "j-rgen"),
            ("--", "person"),
            ("日本", "person"),
            ("x|auth0|1", "x-auth0-1"),
        ] {
            assert_eq!(user_name(text), expected);
            assert!(user_name(text).parse::<UserName>().is_ok());
        }
        assert!(user_name(&"x".repeat(500)).len() <= 80);
    }
}
