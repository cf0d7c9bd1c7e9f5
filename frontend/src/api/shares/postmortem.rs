//! Postmortem snippets: picture, link and facts, to paste into a document.

use super::CreatedShare;
use crate::api::ApiError;
use crate::api::send::{Body, send};
use crate::state::url_text::encode;
use gloo_net::http::Method;

/// A format of the postmortem snippet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Snippet {
    /// For wikis and issue trackers.
    Markdown,
    /// For mails and documents.
    Html,
    /// For Confluence.
    Confluence,
}

impl Snippet {
    /// All, in display order.
    pub(crate) const ALL: [Snippet; 3] = [Snippet::Markdown, Snippet::Html, Snippet::Confluence];

    /// The label of its button.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Snippet::Markdown => "Markdown",
            Snippet::Html => "HTML",
            Snippet::Confluence => "Confluence",
        }
    }

    /// Whether it is to be pasted as formatted text.
    pub(crate) fn is_formatted(self) -> bool {
        self != Snippet::Markdown
    }

    fn as_str(self) -> &'static str {
        match self {
            Snippet::Markdown => "markdown",
            Snippet::Html => "html",
            Snippet::Confluence => "confluence",
        }
    }
}

/// The snippet of a share. `link` is the address of the share, which the server may not know.
pub(crate) async fn postmortem(
    created: &CreatedShare,
    snippet: Snippet,
    link: &str,
) -> Result<String, ApiError> {
    let (row, id, format) = (encode(&created.row), encode(&created.id), snippet.as_str());
    let path = format!("/api/v1/shares/{row}/postmortem?format={format}&link={id}");
    let response = send(Method::GET, &path, "text/plain, */*", Body::None, None).await?;
    let text = response.text().await.map_err(|_| ApiError::unreachable())?;
    Ok(with_link(text, snippet, &created.id, link))
}

/// The text with the link in it: a server without a configured public address leaves it out.
fn with_link(text: String, snippet: Snippet, id: &str, link: &str) -> String {
    if text.contains(id) {
        return text;
    }
    match snippet {
        Snippet::Markdown => format!("{}\n\nSnapshot: <{link}>\n", text.trim_end()),
        Snippet::Html | Snippet::Confluence => {
            format!("{}\n<p>Snapshot: <a href=\"{link}\">{link}</a></p>\n", text.trim_end())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_the_link_into_a_snippet_once() {
        let link = "http://127.0.0.1:4280/s/abc";
        let text = format!("[it]({link})");
        assert_eq!(with_link(text.clone(), Snippet::Markdown, "abc", link), text);
        assert!(with_link("text".into(), Snippet::Markdown, "abc", link).contains(&format!("<{link}>")));
        assert!(
            with_link("<p>text</p>".into(), Snippet::Html, "abc", link).contains(&format!("href=\"{link}\""))
        );
    }
}
