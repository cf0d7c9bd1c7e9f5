//! Metadata of a chunk: the types of its events.
//!
//! The metadata event holds a table of strings and a tree of elements: `root` > `metadata` > `class` > `field`,
//! each with attributes, all of them strings. The tree is walked with a stack of our own; what is not a class
//! or a field (annotations, settings, time zone) is skipped.

use super::JfrError;
use super::bytes::{Cursor, Text, Width};
use rustc_hash::FxHashMap;

/// How deep elements may lie in each other. Recorders write five levels.
const MAX_DEPTH: usize = 64;
/// How deep values may lie in each other. Recorders write two levels; the rest is references.
const MAX_VALUE_DEPTH: u8 = 16;
/// Event that holds the metadata.
const METADATA_EVENT: i64 = 0;

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Byte,
    Integer(Width),
    Float,
    Double,
    Text,
    /// The fields of another class, one after the other.
    Object(ClassIndex),
    /// Of a class that the chunk does not declare: cannot be read.
    Undeclared,
}

/// Index of a class in [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClassIndex(usize);

/// A field of a class.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    /// How it is written; a reference into a constant pool is an integer.
    pub(super) kind: Kind,
    /// A list of such values.
    pub(super) is_list: bool,
    /// A point or a span in time, counted by the chunk's clock and not in nanoseconds.
    pub(super) in_ticks: bool,
}

/// A class: how the values of a type are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
    /// The least number of bytes that a value takes.
    min_bytes: usize,
}

/// The classes of a chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct Types {
    classes: Vec<Class>,
    by_id: FxHashMap<i64, ClassIndex>,
}

impl Types {
    /// Reads the metadata event that `cursor` is at.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Types, JfrError> {
        cursor.integer(Width::Four)?; // size
        if cursor.integer(Width::Eight)? != METADATA_EVENT {
            return Err(cursor.broken("the header does not point to a metadata event"));
        }
        for _ in 0..3 {
            cursor.integer(Width::Eight)?; // start, duration, id
        }
        let mut strings = Vec::new();
        for _ in 0..cursor.count(1)? {
            strings.push(match cursor.text()? {
                Text::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                Text::Null => String::new(),
                Text::Constant(_) => {
                    return Err(cursor.broken("a string of the metadata is a reference to a constant pool"));
                }
            });
        }
        let drafts = read_elements(cursor, &strings)?;
        Types::resolve(drafts).ok_or_else(|| cursor.broken("a type of the metadata contains itself"))
    }

    /// The class of an id.
    pub(super) fn get(&self, id: i64) -> Option<&Class> {
        self.by_id.get(&id).map(|index| &self.classes[index.0])
    }

    /// All classes with their ids.
    pub(super) fn iter(&self) -> impl Iterator<Item = (i64, &Class)> {
        self.classes.iter().map(|class| (class.id, class))
    }

    /// The class at an index.
    pub(super) fn at(&self, index: ClassIndex) -> &Class {
        &self.classes[index.0]
    }

    /// Puts the declarations together; `None` when a type contains itself.
    fn resolve(drafts: Vec<ClassDraft>) -> Option<Types> {
        let by_id: FxHashMap<i64, ClassIndex> =
            drafts.iter().enumerate().map(|(i, draft)| (draft.id, ClassIndex(i))).collect();
        let kinds: Vec<Kind> =
            drafts.iter().enumerate().map(|(i, d)| kind_of(&d.name, ClassIndex(i))).collect();
        let time_classes: Vec<i64> = drafts
            .iter()
            .filter(|d| matches!(d.name.as_str(), "jdk.jfr.Timespan" | "jdk.jfr.Timestamp"))
            .map(|d| d.id)
            .collect();
        let mut classes = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let fields = draft.fields.into_iter().map(|field| {
                let kind = match (field.constant_pool, by_id.get(&field.class)) {
                    (true, _) => Kind::Integer(Width::Eight),
                    (false, Some(class)) => kinds[class.0],
                    (false, None) => Kind::Undeclared,
                };
                let in_ticks = field.in_ticks.iter().any(|class| time_classes.contains(class));
                Field { name: field.name, kind, is_list: field.is_list, in_ticks }
            });
            classes.push(Class { id: draft.id, name: draft.name, fields: fields.collect(), min_bytes: 0 });
        }
        let mut types = Types { classes, by_id };
        types.measure().then_some(types)
    }

    /// Computes the least size of each class, level by level; false when that does not come to an end.
    fn measure(&mut self) -> bool {
        for _ in 0..=MAX_VALUE_DEPTH {
            let sizes: Vec<usize> = self.classes.iter().map(|c| self.least(c)).collect();
            let settled = self.classes.iter().zip(&sizes).all(|(c, &size)| c.min_bytes == size);
            for (class, size) in self.classes.iter_mut().zip(sizes) {
                class.min_bytes = size;
            }
            if settled {
                return !self.contains_itself();
            }
        }
        false
    }

    fn least(&self, class: &Class) -> usize {
        let bytes = |field: &Field| if field.is_list { 1 } else { self.min_bytes(field.kind) };
        class.fields.iter().map(bytes).fold(0, usize::saturating_add)
    }

    /// The least number of bytes that a value of a kind takes.
    pub(super) fn min_bytes(&self, kind: Kind) -> usize {
        match kind {
            Kind::Byte | Kind::Integer(_) | Kind::Text | Kind::Undeclared => 1,
            Kind::Float => 4,
            Kind::Double => 8,
            Kind::Object(class) => self.at(class).min_bytes,
        }
    }

    /// Whether values lie in each other deeper than [`MAX_VALUE_DEPTH`], as those of a list of itself would.
    fn contains_itself(&self) -> bool {
        let mut depth = vec![0u8; self.classes.len()];
        for _ in 0..=MAX_VALUE_DEPTH {
            let mut changed = false;
            for (i, class) in self.classes.iter().enumerate() {
                let inner = class.fields.iter().filter_map(|field| match field.kind {
                    Kind::Object(inner) => Some(depth[inner.0] + 1),
                    _ => None,
                });
                let deepest = inner.max().unwrap_or(0);
                changed |= deepest != depth[i];
                depth[i] = deepest;
            }
            if !changed {
                return false;
            }
        }
        true
    }
}

/// The types with a writing of their own; all others are written field by field.
fn kind_of(name: &str, index: ClassIndex) -> Kind {
    match name {
        "boolean" | "byte" => Kind::Byte,
        "short" | "char" => Kind::Integer(Width::Two),
        "int" => Kind::Integer(Width::Four),
        "long" => Kind::Integer(Width::Eight),
        "float" => Kind::Float,
        "double" => Kind::Double,
        "java.lang.String" => Kind::Text,
        _ => Kind::Object(index),
    }
}

struct ClassDraft {
    id: i64,
    name: String,
    fields: Vec<FieldDraft>,
}

struct FieldDraft {
    name: String,
    class: i64,
    constant_pool: bool,
    is_list: bool,
    /// Classes of the annotations that say `TICKS`.
    in_ticks: Vec<i64>,
}

/// What lies around an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Class,
    Field,
    Other,
}

/// Walks the tree of elements and collects the classes with their fields.
fn read_elements(cursor: &mut Cursor<'_>, strings: &[String]) -> Result<Vec<ClassDraft>, JfrError> {
    let mut classes: Vec<ClassDraft> = Vec::new();
    // For each open element how many children are to come, and what it is to them.
    let mut open: Vec<(usize, Around)> = vec![(1, Around::Other)];
    while let Some((left, around)) = open.last_mut() {
        if *left == 0 {
            open.pop();
            continue;
        }
        *left -= 1;
        let around = *around;
        let element = string(cursor, strings)?;
        let attributes = Attributes::read(cursor, strings)?;
        let inside = match (element, around, classes.last_mut()) {
            ("class", ..) => {
                classes.push(attributes.class());
                Around::Class
            }
            ("field", Around::Class, Some(class)) => {
                class.fields.push(attributes.field());
                Around::Field
            }
            ("annotation", Around::Field, Some(class)) => {
                if let (Some(field), "TICKS") = (class.fields.last_mut(), attributes.value) {
                    field.in_ticks.push(attributes.class);
                }
                Around::Other
            }
            _ => Around::Other,
        };
        if open.len() == MAX_DEPTH {
            return Err(cursor.broken("the metadata is nested too deeply"));
        }
        open.push((cursor.count(3)?, inside));
    }
    Ok(classes)
}

/// The attributes of an element that are of interest.
#[derive(Default)]
struct Attributes<'a> {
    id: i64,
    name: &'a str,
    class: i64,
    constant_pool: bool,
    is_list: bool,
    value: &'a str,
}

impl<'a> Attributes<'a> {
    fn read(cursor: &mut Cursor<'_>, strings: &'a [String]) -> Result<Self, JfrError> {
        let mut found = Attributes::default();
        for _ in 0..cursor.count(2)? {
            let (key, value) = (string(cursor, strings)?, string(cursor, strings)?);
            let number = || value.parse::<i64>().unwrap_or(0);
            match key {
                "id" => found.id = number(),
                "name" => found.name = value,
                "class" => found.class = number(),
                "constantPool" => found.constant_pool = value == "true",
                "dimension" => found.is_list = number() > 0,
                "value" => found.value = value,
                _ => {}
            }
        }
        Ok(found)
    }

    fn class(&self) -> ClassDraft {
        ClassDraft { id: self.id, name: self.name.to_owned(), fields: Vec::new() }
    }

    fn field(&self) -> FieldDraft {
        FieldDraft {
            name: self.name.to_owned(),
            class: self.class,
            constant_pool: self.constant_pool,
            is_list: self.is_list,
            in_ticks: Vec::new(),
        }
    }
}

fn string<'a>(cursor: &mut Cursor<'_>, strings: &'a [String]) -> Result<&'a str, JfrError> {
    let index = cursor.integer(Width::Four)?;
    let found = usize::try_from(index).ok().and_then(|i| strings.get(i));
    found
        .map(String::as_str)
        .ok_or_else(|| cursor.broken("the metadata refers to a string that does not exist"))
}
