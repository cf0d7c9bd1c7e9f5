//! [`Rows`]: rows of one table, in inserts of bounded size.

use crate::store::clickhouse::client::Insert;
use crate::store::clickhouse::ids::Id;
use crate::store::clickhouse::row_binary::Writer;

/// Rows of one insert. ClickHouse makes one block of up to a million, and a block is stored as a whole or not at all.
const MOST_ROWS: usize = 200_000;
/// Bytes of one insert, about.
const MOST_BYTES: usize = 32 << 20;

/// Rows of one table.
pub(super) struct Rows {
    table: &'static str,
    columns: &'static str,
    parts: Vec<Writer>,
    /// Of the last part.
    rows: usize,
}

impl Rows {
    pub(super) fn new(table: &'static str, columns: &'static str) -> Rows {
        Rows { table, columns, parts: vec![Writer::default()], rows: 0 }
    }

    /// Begins a row; its fields are appended.
    pub(super) fn row(&mut self) -> &mut Writer {
        let last = self.parts.len() - 1;
        if self.rows == MOST_ROWS || self.parts[last].len() > MOST_BYTES {
            self.parts.push(Writer::default());
            self.rows = 0;
        }
        self.rows += 1;
        let last = self.parts.len() - 1;
        &mut self.parts[last]
    }

    /// The inserts, none without rows. Their tokens are those of these rows in the batch `digest`.
    pub(super) fn inserts(self, digest: u128) -> impl Iterator<Item = Insert> {
        let Rows { table, columns, parts, .. } = self;
        parts.into_iter().filter(|part| part.len() > 0).map(move |part| {
            let rows = part.finish();
            let token =
                Id::of("flarepath clickhouse insert 1").text(table).u128(digest).bytes(&rows).finish();
            Insert { table, columns, rows: rows.into(), token: format!("{token:032x}") }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_rows_become_several_inserts_with_tokens_of_their_own() {
        let mut rows = Rows::new("samples", "value");
        for _ in 0..2 * MOST_ROWS + 1 {
            rows.row().i64(7);
        }
        let inserts: Vec<Insert> = rows.inserts(1).collect();
        assert_eq!(
            inserts.iter().map(|insert| insert.rows.len() / 8).collect::<Vec<_>>(),
            [MOST_ROWS, MOST_ROWS, 1]
        );
        assert_ne!(inserts[0].token, inserts[2].token);
        assert_eq!(Rows::new("samples", "value").inserts(1).count(), 0);
    }
}
