//! Readable names of classes and methods, stable across runs of a program.

/// What a virtual machine makes while it runs; the number or address after it differs on every run.
const GENERATED: &[&str] =
    &["GeneratedMethodAccessor", "GeneratedConstructorAccessor", "GeneratedSerializationConstructorAccessor"];

/// `java.util.HashMap` of `java/util/HashMap`, without numbers and addresses that mean nothing beyond this run:
///
/// | as recorded | as shown |
/// |---|---|
/// | `Shop$$Lambda$56+0x00007fce040c5fd8`, `Shop$$Lambda.0x00007fce` | `Shop$$Lambda` |
/// | `java/lang/invoke/LambdaForm$MH.0x000001` | `java.lang.invoke.LambdaForm$MH` |
/// | `jdk/internal/reflect/GeneratedMethodAccessor31` | `jdk.internal.reflect.GeneratedMethodAccessor` |
pub(super) fn class_name(recorded: &str) -> String {
    let name = without_address(recorded);
    let name = match name.split_once("$$Lambda") {
        Some((class, rest)) if rest.starts_with('$') && digits(&rest[1..]) => &name[..class.len() + 8],
        _ => without_number(name),
    };
    name.replace('/', ".")
}

/// Cuts `+0x1f`, `.0x1f`, `/0x1f` or `+0x1f/123` (with a hash) off.
fn without_address(name: &str) -> &str {
    let of_address = |b: u8| b.is_ascii_hexdigit() || b"./".contains(&b);
    match name.rfind("0x") {
        Some(at) if at > 1 && name[at + 2..].bytes().all(of_address) => {
            name[..at].strip_suffix(['+', '.', '/']).unwrap_or(name)
        }
        _ => name,
    }
}

fn without_number(name: &str) -> &str {
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if plain.len() < name.len() && GENERATED.iter().any(|generated| plain.ends_with(generated)) {
        plain
    } else {
        name
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::class_name;

    #[test]
    fn names_are_stable_across_runs() {
        for (recorded, shown) in [
            ("java/util/DualPivotQuicksort", "java.util.DualPivotQuicksort"),
            ("Shop$$Lambda$56.0x00007fce040c5fd8", "Shop$$Lambda"),
            ("Shop$$Lambda$56+0x00007fce040c5fd8", "Shop$$Lambda"),
            ("Shop$$Lambda$85+0x00007f81ec007c28/112466394", "Shop$$Lambda"),
            ("Shop$$Lambda/0x00007fce040c5fd8", "Shop$$Lambda"),
            ("a/LambdaForm$MH.0x01", "a.LambdaForm$MH"),
            (
                "jdk/internal/reflect/GeneratedMethodAccessor31",
                "jdk.internal.reflect.GeneratedMethodAccessor",
            ),
            ("a/Version2", "a.Version2"),
            ("0x12", "0x12"),
            ("", ""),
        ] {
            assert_eq!(class_name(recorded), shown);
        }
    }
}
