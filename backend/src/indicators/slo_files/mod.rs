//! Objectives that other programs define in YAML: [`sloth`], [`openslo`] and [`pyrra`]. Pure; the configuration has read the files.
//!
//! 1. [`yaml`] makes trees of bounded size of the documents of a file.
//! 2. `version`, or `apiVersion` and `kind`, tell the format of a document, whose module makes [`Definition`]s of it. A mistake has the
//!    path of its [`field`].
//! 3. Each [`query`] is parsed, so that the caller's bounds get into each of its selectors; it names the series of the service by itself.
//! 4. Services are renamed as the configuration says, and names must differ.
//!
//! What cannot be computed exactly is refused, as is what is not understood: an objective that is silently left out, or about other
//! events than it says, is worse than a start that fails.

mod definition;
mod field;
mod openslo;
mod pyrra;
mod query;
mod sloth;
mod yaml;

#[cfg(test)]
mod tests;

use super::mapping::Family;
use super::slo::Slo;
use super::template::Template;
use crate::config::{SloFile, SloFilesConfig};
use definition::Definition;
use field::{Field, Problem};
use openslo::Slis;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use yaml::Node;

/// Objectives of all files.
const MAX_OBJECTIVES: usize = 1000;
/// Objectives of a service: each is several queries whenever the service is looked at.
const MAX_OF_SERVICE: usize = 32;
const EXPECTED_API: &str = "expected `version: prometheus/v1` (Sloth), or `apiVersion` and `kind` of sloth.slok.dev/v1 \
                            PrometheusServiceLevel, openslo/v1, or pyrra.dev/v1alpha1 ServiceLevelObjective";

/// A definition is not understood. The operator's fault, or that of the person who wrote the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}, document {document}{place}: {message}", .file.display())]
pub(crate) struct BadSloFile {
    pub(crate) file: PathBuf,
    /// Number of the document, from 1.
    pub(crate) document: usize,
    /// The field, or the line if the document is not YAML, after a comma; may be empty.
    pub(crate) place: String,
    /// The problem, and what was expected.
    pub(crate) message: String,
}

/// A document of a file.
struct Document<'f> {
    file: &'f SloFile,
    number: usize,
    tree: Rc<Node>,
}

#[derive(Clone, Copy)]
enum Format {
    Sloth,
    OpenSlo,
    Pyrra,
}

/// The objectives of files, in addition to those that are configured.
///
/// # Errors
/// [`BadSloFile`], the first one.
pub(super) fn read(config: &SloFilesConfig, configured: &[Arc<Slo>]) -> Result<Vec<Slo>, BadSloFile> {
    let documents = documents(&config.files)?;
    let mut slis = Slis::default();
    for document in &documents {
        let root = document.root();
        let is_openslo = matches!(document.format()?, Format::OpenSlo);
        if is_openslo {
            slis.add(&root).map_err(|problem| document.bad(problem))?;
        }
    }
    let mut names = Names::new(configured);
    let mut slos = Vec::new();
    for document in &documents {
        let (root, format) = (document.root(), document.format()?);
        let definitions = match format {
            Format::Sloth if root.get("version").is_present() => sloth::definitions(&root),
            Format::Sloth => sloth::definitions(&root.get("spec")),
            Format::OpenSlo => openslo::definitions(&root, &slis),
            Format::Pyrra => pyrra::definitions(&root),
        };
        for definition in definitions.map_err(|problem| document.bad(problem))? {
            let slo = slo(definition, document.source(format), &config.services);
            names.add(&slo).map_err(|message| document.bad(root.problem(message)))?;
            slos.push(slo);
        }
    }
    Ok(slos)
}

/// The documents of all files that are not empty.
fn documents(files: &[SloFile]) -> Result<Vec<Document<'_>>, BadSloFile> {
    let mut all = Vec::new();
    for file in files {
        let trees = yaml::documents(&file.text).map_err(|bad| BadSloFile {
            file: file.path.clone(),
            document: bad.document,
            place: format!(", line {}", bad.line),
            message: bad.message,
        })?;
        let numbered = trees.into_iter().zip(1..).map(|(tree, number)| Document { file, number, tree });
        all.extend(numbered.filter(|document| document.root().is_present()));
    }
    Ok(all)
}

impl Document<'_> {
    fn root(&self) -> Field<'_> {
        Field::document(&self.tree)
    }

    fn format(&self) -> Result<Format, BadSloFile> {
        format(&self.root()).map_err(|problem| self.bad(problem))
    }

    fn bad(&self, Problem { path, message }: Problem) -> BadSloFile {
        let place = if path.is_empty() { path } else { format!(", `{path}`") };
        BadSloFile { file: self.file.path.clone(), document: self.number, place, message }
    }

    /// Where its objectives are defined, for answers. Not the whole path, which is nobody's concern but the operator's.
    fn source(&self, format: Format) -> String {
        let format = match format {
            Format::Sloth => "sloth",
            Format::OpenSlo => "openslo",
            Format::Pyrra => "pyrra",
        };
        let file = self.file.path.file_name().unwrap_or_default();
        format!("{format}: {}", file.to_string_lossy())
    }
}

fn format(root: &Field<'_>) -> Result<Format, Problem> {
    let (version, api) = (root.get("version"), root.get("apiVersion"));
    if let Some(text) = version.optional_text()? {
        return match text {
            "prometheus/v1" => Ok(Format::Sloth),
            _ => Err(version.problem(format!("unknown version `{text}`; {EXPECTED_API}"))),
        };
    }
    let Some(text) = api.optional_text()? else { return Err(root.problem(EXPECTED_API)) };
    let kind = root.get("kind");
    match (text, kind.text()?) {
        ("sloth.slok.dev/v1", "PrometheusServiceLevel") => Ok(Format::Sloth),
        ("pyrra.dev/v1alpha1", "ServiceLevelObjective") => Ok(Format::Pyrra),
        ("openslo/v1", _) => Ok(Format::OpenSlo),
        ("sloth.slok.dev/v1" | "pyrra.dev/v1alpha1", other) => {
            Err(kind.problem(format!("unknown kind `{other}`; {EXPECTED_API}")))
        }
        _ => Err(api.problem(format!("unknown version `{text}`; {EXPECTED_API}"))),
    }
}

fn slo(definition: Definition, source: String, services: &BTreeMap<String, String>) -> Slo {
    let Definition { name, service, objective, period, error_ratio, recorded } = definition;
    Slo {
        error_ratio: Template::of(&name, Family::Selected, error_ratio),
        name,
        service: services.get(&service).cloned().unwrap_or(service),
        objective,
        window: period,
        recorded,
        source,
    }
}

/// Objectives of each service by their names, with where they are defined.
struct Names {
    of_services: BTreeMap<String, BTreeMap<String, String>>,
    count: usize,
}

impl Names {
    fn new(configured: &[Arc<Slo>]) -> Names {
        let mut names = Names { of_services: BTreeMap::new(), count: 0 };
        for slo in configured {
            let of_service = names.of_services.entry(slo.service.clone()).or_default();
            of_service.insert(slo.name.clone(), format!("[slo.{}]", slo.name));
        }
        names
    }

    /// Adds an objective, or says why it cannot be added.
    fn add(&mut self, slo: &Slo) -> Result<(), String> {
        let of_service = self.of_services.entry(slo.service.clone()).or_default();
        if let Some(first) = of_service.insert(slo.name.clone(), slo.source.clone()) {
            let Slo { name, service, .. } = slo;
            return Err(format!("the service `{service}` has an objective `{name}` already ({first})"));
        }
        if of_service.len() > MAX_OF_SERVICE {
            return Err(format!("more than {MAX_OF_SERVICE} objectives of the service `{}`", slo.service));
        }
        self.count += 1;
        match self.count > MAX_OBJECTIVES {
            true => Err(format!("more than {MAX_OBJECTIVES} objectives in all files")),
            false => Ok(()),
        }
    }
}
