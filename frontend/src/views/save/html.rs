//! A page in one file: program, styles and data, with a content security policy that forbids all requests.
//!
//! Program and data are gzip in base64 in `<script type="application/octet-stream">`, which browsers do not run. One script
//! unpacks them and starts the program, which finds the data in `globalThis.flarepathSaved`.

use super::svg::escape;

/// The parts of the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    pub(crate) title: &'a str,
    pub(crate) css: &'a str,
    /// The JavaScript module of the program, whose default export starts it.
    pub(crate) glue: &'a str,
    /// The program, gzip.
    pub(crate) program: &'a [u8],
    /// A [`super::saved::Saved`], gzip.
    pub(crate) saved: &'a [u8],
}

const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; \
                      img-src data: blob:; base-uri 'none'; form-action 'none'";

/// Unpacks and starts the program. `INIT` stands for the default export of the glue.
const BOOT: &str = "
const unpack = async (id) => {
  const text = document.getElementById(id).textContent;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};
globalThis.flarepathSaved = await unpack('flarepath-saved');
await INIT({ module_or_path: await unpack('flarepath-program') });
";

/// The file; `None` when the glue has no default export.
pub(crate) fn page(parts: Parts<'_>) -> Option<String> {
    let boot = BOOT.replace("INIT", starter(parts.glue)?);
    let (title, css, glue) = (escape(parts.title), closed(parts.css, "style"), closed(parts.glue, "script"));
    let (program, saved) = (base64(parts.program), base64(parts.saved));
    let head = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · Flarepath</title>\n<style>{css}</style></head>\n"
    );
    let data = |id: &str, text: &str| {
        format!("<script type=\"application/octet-stream\" id=\"{id}\">{text}</script>\n")
    };
    Some(
        [
            &head,
            "<body><noscript>This page needs JavaScript and WebAssembly.</noscript>\n",
            &data("flarepath-saved", &saved),
            &data("flarepath-program", &program),
            "<script type=\"module\">",
            &glue,
            &boot,
            "</script></body></html>\n",
        ]
        .concat(),
    )
}

/// Name of the module's default export.
fn starter(glue: &str) -> Option<&str> {
    let ends_name = |c: char| !(c.is_alphanumeric() || c == '_' || c == '$');
    let name = match glue.split_once("export default ") {
        Some((_, after)) => after.split(ends_name).next(),
        None => glue.split_once(" as default")?.0.rsplit(ends_name).next(),
    };
    name.filter(|name| !name.is_empty())
}

/// Text of an element, with whatever could close it escaped.
fn closed(text: &str, element: &str) -> String {
    text.replace(&format!("</{element}"), &format!("<\\/{element}")).replace("<!--", "<\\!--")
}

/// Base64 with padding, RFC 4648 section 4.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * i)) as usize & 63];
            out.push(if i <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_matches_the_rfc() {
        let texts = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
        let expected = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        assert_eq!(texts.map(|text| base64(text.as_bytes())), expected);
        assert_eq!(base64(&[0xff, 0xef, 0xbe]), "/+++");
    }

    #[test]
    fn escapes_markup_of_the_profile() {
        let parts = Parts {
            title: "</title><script>alert(1)</script>",
            css: "a{}</style><script>",
            glue: "const a = '</script>'; export { initSync, __wbg_init as default };",
            program: b"\0asm",
            saved: b"</script>",
        };
        let page = page(parts).unwrap();
        assert_eq!(
            page.matches("<script").count(),
            3 + 1,
            "two of data, one that runs, one harmless in a style"
        );
        assert_eq!(page.matches("</script>").count(), 3);
        assert_eq!(page.matches("</style>").count(), 1);
        assert!(page.contains("&lt;script&gt;alert(1)") && page.contains("await __wbg_init({"));
    }

    #[test]
    fn finds_the_default_export_in_either_form() {
        assert_eq!(starter("x; export default start;"), Some("start"));
        assert_eq!(starter("export { initSync, go as default };"), Some("go"));
        assert_eq!(starter("nothing"), None);
    }
}
