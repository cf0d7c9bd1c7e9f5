//! Statements over ClickHouse's HTTP interface: I/O only.
//!
//! The text of a query is the body, its values and settings are parameters of the URL. Of an insert the text is in the URL and
//! the body has the rows.
//!
//! `wait_end_of_query=1` has the server compute an answer to its end before it sends the first byte, so that an exception has
//! its own status. A proxy may drop the parameter; then the exception follows on rows, where [`super::row_binary`] finds it.
//!
//! Each query has a time limit, a limit of memory and a limit of its answer. Beyond them the server answers with an error, and
//! never with a part: `result_overflow_mode=throw`. The server ends a query whose client has left
//! (`cancel_http_readonly_queries_on_client_close`).

use super::refusal;
use super::row_binary::{Malformed, Reader};
use super::values::{MAX_URL_BYTES, Values, percent_encoded};
use crate::config::RemoteStoreConfig;
use crate::store::StoreError;
use crate::store::remote::{Failure, HttpUpstream, Upstream};
use crate::work::{CancelToken, Workers, cores};
use bytes::Bytes;
use std::sync::{Arc, LazyLock};

/// Bytes of an answer, as it is sent and in memory. A call tree of 100 000 stacks of 40 frames takes 64 MB.
const MAX_ANSWER_BYTES: usize = 256 << 20;
/// Rows of an answer.
const MAX_ANSWER_ROWS: usize = 5_000_000;
/// Memory of a query on the server.
const MAX_QUERY_BYTES: u64 = 4 << 30;
/// Days that the rows of one insert may fall on. A batch of a running profiler falls on one or two.
const MAX_PARTITIONS: usize = 1_000;

/// Answers are decoded and rows are encoded here: both take milliseconds or more.
static WORKERS: LazyLock<Workers> = LazyLock::new(|| Workers::new(cores() + 1));

/// Runs what takes the processor for long away from the threads that answer requests.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, StoreError> {
    WORKERS.run(work).await.map_err(|stopping| StoreError::Busy(stopping.to_string()))
}

/// Rows for a table.
#[derive(Clone, Debug)]
pub(super) struct Insert {
    pub(super) table: &'static str,
    /// Of the rows, in their order.
    pub(super) columns: &'static str,
    /// In RowBinary.
    pub(super) rows: Bytes,
    /// Rows with a token that the server has seen are not stored again.
    pub(super) token: String,
}

/// One database of one server or cluster.
pub(super) struct Client {
    upstream: Arc<Upstream>,
    http: HttpUpstream,
    database: String,
    /// Time limit on the server, in seconds: a little less than ours, so that its error arrives, and a slow query is not
    /// taken for a server that is down.
    timeout_secs: u64,
}

impl Client {
    pub(super) fn new(upstream: Arc<Upstream>, config: &RemoteStoreConfig) -> Result<Client, StoreError> {
        let http = HttpUpstream::new(config)?;
        let (database, timeout_secs) =
            (config.database.clone(), config.timeout.as_secs().saturating_sub(1).max(1));
        Ok(Client { upstream, http, database, timeout_secs })
    }

    pub(super) fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    pub(super) fn database(&self) -> &str {
        &self.database
    }

    /// The rows of a query, whose first column is [`super::row_binary::ROW`]. `row` reads one, without that column.
    ///
    /// # Errors
    /// Of the server, see [`super::refusal`]; [`StoreError::Invalid`] of an answer that breaks off.
    pub(super) async fn select<T: Send + 'static>(
        &self,
        operation: &'static str,
        cancel: &CancelToken,
        sql: String,
        values: &Values,
        row: impl Fn(&mut Reader<'_>) -> Result<T, Malformed> + Send + 'static,
    ) -> Result<Vec<T>, StoreError> {
        self.select_in(&self.database, operation, cancel, sql, values, row).await
    }

    /// [`Client::select`] in another database.
    pub(super) async fn select_in<T: Send + 'static>(
        &self,
        database: &str,
        operation: &'static str,
        cancel: &CancelToken,
        sql: String,
        values: &Values,
        row: impl Fn(&mut Reader<'_>) -> Result<T, Malformed> + Send + 'static,
    ) -> Result<Vec<T>, StoreError> {
        let url = format!(
            "/?database={database}&default_format=RowBinary&readonly=2&wait_end_of_query=1\
             &cancel_http_readonly_queries_on_client_close=1&distributed_product_mode=local\
             &max_execution_time={}&max_memory_usage={MAX_QUERY_BYTES}&max_result_rows={MAX_ANSWER_ROWS}\
             &max_result_bytes={MAX_ANSWER_BYTES}&result_overflow_mode=throw{}",
            self.timeout_secs,
            values.url()
        );
        let answer = self.send(operation, cancel, &url, sql.into()).await?;
        let (name, cancel) = (self.upstream.name().to_owned(), cancel.clone());
        let read = move || -> Result<Vec<T>, StoreError> {
            let (mut reader, mut rows) = (Reader::new(&answer), Vec::new());
            while reader.row().map_err(|malformed| malformed.of(&name))? {
                if rows.len().is_multiple_of(4096) {
                    cancel.check()?;
                }
                rows.push(row(&mut reader).map_err(|malformed| malformed.of(&name))?);
            }
            Ok(rows)
        };
        blocking(read).await?
    }

    /// Stores rows; they are on the server's disk when this returns. As the server knows the token of rows that it has, an
    /// insert may be repeated like a read.
    ///
    /// # Errors
    /// Of the server, see [`super::refusal`]. ClickHouse acknowledges an insert by an empty answer: a page of a proxy, or an
    /// exception after the status 200, is none.
    pub(super) async fn insert(&self, insert: &Insert) -> Result<(), StoreError> {
        let Insert { table, columns, rows, token } = insert;
        let query = format!("INSERT INTO {table} ({columns}) FORMAT RowBinary");
        let url = format!(
            "/?database={}&query={}&async_insert=0&wait_end_of_query=1&insert_deduplication_token={token}\
             &deduplicate_blocks_in_dependent_materialized_views=1&distributed_foreground_insert=1\
             &max_partitions_per_insert_block={MAX_PARTITIONS}&max_execution_time={}",
            self.database,
            percent_encoded(&query),
            self.timeout_secs,
        );
        let answer = self.send("insert", &CancelToken::default(), &url, rows.clone()).await?;
        match answer.trim_ascii() {
            [] => Ok(()),
            text => Err(refusal::of_answer(self.upstream.name(), 200, text).error),
        }
    }

    /// A statement that makes something unless it is there, in `database`.
    ///
    /// # Errors
    /// Of the server, see [`super::refusal`].
    pub(super) async fn make(&self, database: &str, sql: String) -> Result<(), StoreError> {
        let url = format!("/?database={database}&wait_end_of_query=1");
        self.send("schema", &CancelToken::default(), &url, sql.into()).await.map(drop)
    }

    async fn send(
        &self,
        operation: &'static str,
        cancel: &CancelToken,
        url: &str,
        body: Bytes,
    ) -> Result<Bytes, StoreError> {
        if url.len() > MAX_URL_BYTES {
            let text =
                format!("{}: the selectors take more than {MAX_URL_BYTES} bytes", self.upstream.name());
            return Err(StoreError::TooLarge(text));
        }
        self.upstream.read(operation, cancel, || self.attempt(url, body.clone())).await
    }

    async fn attempt(&self, url: &str, body: Bytes) -> Result<Bytes, Failure> {
        let name = self.upstream.name();
        match self.http.post(url, &[], body, MAX_ANSWER_BYTES).await {
            Ok(answer) if answer.status == 200 => Ok(answer.body),
            Ok(answer) => Err(refusal::of_answer(name, answer.status, &answer.body)),
            Err(failure) => Err(refusal::of_failure(name, failure)),
        }
    }
}
