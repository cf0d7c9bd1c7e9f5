//! Packs the full program and its data into one HTML file.

use super::html::{Parts, page};
use super::saved::Saved;
use crate::browser::download;
use prost::Message;

/// The text of the file.
///
/// # Errors
/// The reason, as the end of a sentence.
pub(crate) async fn packed(saved: &Saved) -> Result<String, String> {
    let title = &saved.title;
    let saved = download::gzip(&saved.encode_to_vec()).await?;
    let own = download::own_program().await?;
    let program = download::gzip(&own.program).await?;
    let parts = Parts { title, css: &own.css, glue: &own.glue, program: &program, saved: &saved };
    page(parts).ok_or_else(|| "the program of this page cannot be put into a file".to_owned())
}
