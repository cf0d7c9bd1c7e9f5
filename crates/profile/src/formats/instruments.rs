//! Text that Instruments (Xcode) puts on the clipboard by *Edit › Deep Copy*.
//!
//! ```text
//! Weight⇥Self Weight⇥⇥Symbol Name
//! 4.93 s  100.0%⇥0 s⇥ ⇥start
//! 2.45 s   49.7%⇥846.00 ms⇥ ⇥ delta()
//! ```
//! A table with tabs between its columns; spaces before a symbol are its depth. The first column is the total with
//! all that was called: time (`Weight`, `Running Time`), cycles (`Gc`) or bytes (`Bytes Used`, with `Count`). What
//! was spent in the function itself is `Self …` where that column is, else the total less that of the rows below.
//! Numbers are rounded by Instruments, so sums are, too.

use super::builder::ProfileBuilder;
use super::text::decode_text;
use super::{Normalised, Notes, TooMuch, clean_text};
use crate::formats::room::Room;
use crate::profile::Profile;
use crate::stack_table::LocationId;

/// The text is no table of Instruments. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InstrumentsError {
    /// The first line does not name the columns.
    #[error(
        "no column header in the first line: expected `Weight`, `Self Weight`, `Symbol Name`, separated by tabs"
    )]
    NoColumns,
    /// No row has a weight.
    #[error("no row has a weight: expected rows like `4.93 s  100.0%`, a tab, `0 s`, tabs, `main`")]
    NoRows,
    /// More than is read.
    #[error("the profile has {0}")]
    TooMuch(#[from] TooMuch),
}

/// Where the columns are.
struct Columns {
    total: usize,
    own: Option<usize>,
    count: Option<usize>,
    symbol: usize,
    /// What a number without a unit is.
    own_unit: &'static str,
}

impl Columns {
    fn parse(line: &str) -> Option<Self> {
        let names: Vec<_> = line.split('\t').map(str::trim).collect();
        let find = |wanted: &[&str]| names.iter().position(|name| wanted.contains(name));
        let own = names.iter().position(|name| name.starts_with("Self"));
        Some(Columns {
            total: find(&["Weight", "Running Time", "Bytes Used", "Cycles"])?,
            own,
            count: find(&["Count"]),
            symbol: names.iter().position(|name| name.starts_with("Symbol Name"))?,
            own_unit: own.map_or("", |at| if names[at].contains("(ms)") { "ms" } else { "" }),
        })
    }
}

/// A row.
struct Row<'a> {
    depth: usize,
    total: Amount,
    own: Option<Amount>,
    count: i64,
    symbol: &'a str,
}

/// Whether the first line names the columns.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    let start = decode_text(&bytes[..bytes.len().min(4 << 10)]);
    let text = String::from_utf8_lossy(&start);
    text.trim_start().lines().next().is_some_and(|line| Columns::parse(line).is_some())
}

/// Reads the table.
///
/// # Errors
/// [`InstrumentsError`].
pub fn read(bytes: &[u8]) -> Result<(Profile, Notes), InstrumentsError> {
    TooMuch::check_bytes(bytes)?;
    let bytes = decode_text(bytes);
    let mut bad = 0;
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines().skip_while(|line| line.trim().is_empty());
    let columns = lines.next().and_then(Columns::parse).ok_or(InstrumentsError::NoColumns)?;
    let mut rows: Vec<Row<'_>> = Vec::new();
    for line in lines.filter(|line| !line.trim().is_empty()) {
        match row(line, &columns) {
            Some(row) => rows.push(row),
            None => bad += 1,
        }
    }
    let first = rows.first().ok_or(InstrumentsError::NoRows)?;
    let unit = rows.iter().map(|row| row.total).find(|total| total.value != 0.0).unwrap_or(first.total).unit;
    let kind = match unit {
        "nanoseconds" => "time",
        "bytes" => "space",
        _ => "cycles",
    };
    let unit = if kind == "cycles" { "count" } else { unit };
    let counted = columns.count.is_some();
    let types: &[_] = if counted { &[("count", "count"), (kind, unit)] } else { &[(kind, unit)] };
    let mut builder = ProfileBuilder::new(types).within(Room::of(bytes.len()));
    build(&rows, counted, &mut builder)?;
    builder.notes.add(Normalised::BadLine, bad);
    if builder.samples() == 0 {
        return Err(InstrumentsError::NoRows);
    }
    Ok(builder.finish())
}

/// One sample for each row that spent something itself.
fn build(rows: &[Row<'_>], counted: bool, builder: &mut ProfileBuilder) -> Result<(), TooMuch> {
    let base = rows.iter().map(|row| row.depth).min().unwrap_or(0);
    let own = own_amounts(rows);
    let mut stack: Vec<LocationId> = Vec::new();
    for (row, (value, count)) in rows.iter().zip(own) {
        let name = clean_text(row.symbol.as_bytes(), &mut builder.notes);
        stack.truncate(row.depth - base);
        stack.push(builder.frame(&name));
        let values = [count, value];
        let values = if counted { &values[..] } else { &values[1..] };
        if values.iter().any(|v| *v != 0) {
            builder.sample(stack.iter().rev().copied(), values, &[])?;
        }
    }
    Ok(())
}

/// What each row spent itself, and how often: as it says, or its total less those of the rows right below it.
fn own_amounts(rows: &[Row<'_>]) -> Vec<(i64, i64)> {
    let mut left: Vec<(f64, i64)> = rows.iter().map(|row| (row.total.value, row.count)).collect();
    let mut open: Vec<usize> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        while open.last().is_some_and(|&above| rows[above].depth >= row.depth) {
            open.pop();
        }
        if let Some(&above) = open.last() {
            left[above].0 -= row.total.value;
            left[above].1 = left[above].1.saturating_sub(row.count);
        }
        open.push(i);
    }
    let own = |(row, (value, count)): (&Row<'_>, (f64, i64))| {
        // Rounding makes the rows below add up to a little more at times.
        let value = row.own.map_or(value, |own| own.value).max(0.0);
        (value.round() as i64, count.max(0))
    };
    rows.iter().zip(left).map(own).collect()
}

fn row<'a>(line: &'a str, columns: &Columns) -> Option<Row<'a>> {
    let cells: Vec<_> = line.splitn(columns.symbol + 1, '\t').collect();
    let symbol = cells.get(columns.symbol)?;
    let name = symbol.trim();
    let cell = |at: Option<usize>| at.and_then(|at| cells.get(at)).map(|cell| cell.trim());
    Some(Row {
        depth: symbol.len() - symbol.trim_start().len(),
        total: amount(cell(Some(columns.total))?, "")?,
        // `-` is nothing.
        own: cell(columns.own).map(|cell| amount(cell, columns.own_unit).unwrap_or_default()),
        count: cell(columns.count).and_then(|cell| cell.parse().ok()).unwrap_or(0),
        symbol: name,
    })
}

/// A number in the smallest unit of its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Amount {
    value: f64,
    unit: &'static str,
}

/// `4.93 s  100.0%`, `713.0ms`, `429.93 MB`, `96.08 Gc`, `0`.
fn amount(text: &str, unit_if_none: &'static str) -> Option<Amount> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
    let number: f64 = text[..digits].replace(',', "").parse().ok()?;
    let unit = text[digits..].split_whitespace().next().filter(|unit| !unit.ends_with('%'));
    let (scale, unit) = match unit.unwrap_or(unit_if_none) {
        "ns" => (1.0, "nanoseconds"),
        "µs" | "us" => (1e3, "nanoseconds"),
        "ms" => (1e6, "nanoseconds"),
        "s" => (1e9, "nanoseconds"),
        "min" => (60e9, "nanoseconds"),
        "hr" | "h" => (3600e9, "nanoseconds"),
        "Bytes" | "bytes" | "B" => (1.0, "bytes"),
        "KB" | "KiB" => (1024.0, "bytes"),
        "MB" | "MiB" => (1024.0 * 1024.0, "bytes"),
        "GB" | "GiB" => (1024.0 * 1024.0 * 1024.0, "bytes"),
        "cycles" | "" => (1.0, "count"),
        "Kc" => (1e3, "count"),
        "Mc" => (1e6, "count"),
        "Gc" => (1e9, "count"),
        _ => return None,
    };
    Some(Amount { value: number * scale, unit })
}
