//! Exports answers to file formats of other tools.

use super::{Querier, QueryError, Question};
use crate::auth::Principal;
use crate::work::ANSWERS;
use flarepath_profile::formats::{firefox, folded, pprof, speedscope};
use flarepath_profile::profile_type::ProfileType;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::str::FromStr;

/// A format to export to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExportFormat {
    /// Gzipped pprof, with call sites, inlined lines and mappings.
    Pprof,
    /// A line a stack, `root;…;leaf value`.
    Folded,
    /// The JSON of speedscope.
    Speedscope,
    /// The processed JSON of profiler.firefox.com, with call sites, inlined lines and mappings.
    Firefox,
}

/// No export format has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown export format `{0}`; expected pprof, folded, speedscope or firefox")]
pub(crate) struct UnknownFormat(String);

impl FromStr for ExportFormat {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let named = ExportFormat::NAMED.into_iter().find(|(known, _)| *known == name);
        named.map(|(_, format)| format).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

impl ExportFormat {
    /// All by name, the default first.
    pub(crate) const NAMED: [(&str, ExportFormat); 4] = [
        ("pprof", ExportFormat::Pprof),
        ("folded", ExportFormat::Folded),
        ("speedscope", ExportFormat::Speedscope),
        ("firefox", ExportFormat::Firefox),
    ];

    /// File name extension.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            ExportFormat::Pprof => "pb.gz",
            ExportFormat::Folded => "folded.txt",
            ExportFormat::Speedscope => "speedscope.json",
            ExportFormat::Firefox => "firefox.json",
        }
    }
}

impl Querier {
    /// The merge of all matching profiles as a file called `name` inside, where the format has a place for that;
    /// `None` when nothing matches.
    pub(crate) async fn export(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        format: ExportFormat,
        name: &str,
    ) -> Result<Option<Vec<u8>>, QueryError> {
        let merged = self.call_tree(who, question, profile_type).await?;
        if merged.profiles == 0 {
            return Ok(None);
        }
        let profile = match format {
            ExportFormat::Pprof | ExportFormat::Firefox => {
                Some(self.profile(who, question, profile_type).await?)
            }
            ExportFormat::Folded | ExportFormat::Speedscope => None,
        };
        let (unit, name) = (profile_type.sample_unit.clone(), name.to_owned());
        let kind = profile_type.sample_type.clone();
        let written = ANSWERS.run(move || match (format, profile) {
            (ExportFormat::Pprof, Some(profile)) => gzip(&pprof::write(&profile)),
            (ExportFormat::Firefox, Some(profile)) => {
                let sample_type = profile.sample_type_index(&kind);
                let sample_type = sample_type.unwrap_or_else(|| profile.default_sample_type_index());
                Ok(firefox::write(&profile, sample_type, &name).into_bytes())
            }
            (ExportFormat::Speedscope, _) => Ok(speedscope::write(&merged.tree, &name, &unit).into_bytes()),
            _ => Ok(folded::write(&merged.tree).into_bytes()),
        });
        written
            .await?
            .map(Some)
            .map_err(|e| QueryError::Internal(format!("a file could not be compressed: {e}")))
    }
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()
}
