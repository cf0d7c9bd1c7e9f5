//! Makes the tables and brings them up to date, before the first statement that needs them.
//!
//! Nothing happens at the start of the server, which a store that is down must not hold up. Several servers may do it at the same
//! time: each statement makes something unless it is there.

use super::client::{Client, Insert};
use super::ddl::{VERSION, is_identifier, statements_after};
use super::row_binary::Writer;
use super::values::Values;
use crate::store::StoreError;
use crate::work::CancelToken;
use tokio::sync::OnceCell;

/// The database that every server has, and in which a new one is made.
const DEFAULT_DATABASE: &str = "default";

/// Whether the tables are known to be there.
#[derive(Debug, Default)]
pub(super) struct Schema(OnceCell<()>);

impl Schema {
    /// Returns at once when the tables are known to be there, and makes sure of it otherwise.
    ///
    /// # Errors
    /// [`StoreError::Denied`] if they are not there and the user may not make them; [`StoreError::Unusable`] if a newer program
    /// has changed them; others of the server.
    pub(super) async fn ready(&self, client: &Client) -> Result<(), StoreError> {
        self.0.get_or_try_init(|| make(client)).await.copied()
    }
}

/// Checks the name of a database, which is part of statements.
///
/// # Errors
/// [`StoreError::Unusable`].
pub(super) fn check_database(store: &str, name: &str) -> Result<(), StoreError> {
    if is_identifier(name) {
        return Ok(());
    }
    let text = format!("{store}: the name of a database has letters, digits and `_` only, not `{name}`");
    Err(StoreError::Unusable(text))
}

async fn make(client: &Client) -> Result<(), StoreError> {
    let name = client.upstream().name();
    let version = version(client).await?;
    if version > VERSION {
        let text = format!(
            "{name}: its tables are of version {version}, and this program knows {VERSION}; update it"
        );
        return Err(StoreError::Unusable(text));
    }
    if version == VERSION {
        return Ok(());
    }
    let hint = |error: StoreError| match error {
        StoreError::Denied(text) => StoreError::Denied(format!(
            "{text}; its tables are missing or old: run what `flarepath clickhouse ddl` prints"
        )),
        other => other,
    };
    let database = client.database();
    if version == 0 {
        let create = format!("CREATE DATABASE IF NOT EXISTS {database}");
        client.make(DEFAULT_DATABASE, create).await.map_err(hint)?;
    }
    for statement in statements_after(version) {
        client.make(database, statement).await.map_err(hint)?;
    }
    for applied in version + 1..=VERSION {
        client.insert(&applied_version(applied)).await?;
    }
    tracing::info!(store = name, database, version = VERSION, "tables made in ClickHouse");
    Ok(())
}

/// The version of the tables; 0 if there are none.
async fn version(client: &Client) -> Result<u32, StoreError> {
    let cancel = CancelToken::default();
    let mut values = Values::default();
    let sql = format!(
        "SELECT 1, version(), countIf(database = {} AND name = 'schema_migrations') FROM system.tables",
        values.text(client.database())
    );
    let found = client
        .select_in(DEFAULT_DATABASE, "schema", &cancel, sql, &values, |row| Ok((row.text()?, row.u64()?)));
    let Some((server, tables)) = found.await?.pop() else { return Ok(0) };
    client.upstream().set_version(&server);
    if tables == 0 {
        return Ok(0);
    }
    let sql = "SELECT 1, max(version) FROM schema_migrations".to_owned();
    let found = client.select("schema", &cancel, sql, &Values::default(), |row| row.u32()).await?;
    Ok(found.into_iter().max().unwrap_or(0))
}

fn applied_version(version: u32) -> Insert {
    let mut row = Writer::default();
    row.u32(version);
    let token = format!("schema{version}");
    Insert { table: "schema_migrations", columns: "version", rows: row.finish().into(), token }
}
