//! Stores: the price of asking a store through another server ([`proxy`]), profiles in ClickHouse's engine ([`clickhouse`]), and the
//! embedded store as services grow ([`growth`]).
//!
//! Each is measured with servers of its own. Only the first has bounds.

mod clickhouse;
mod day;
mod engine;
mod proxy;
mod querier;

use crate::model::Model;
use crate::overview::growth;
use crate::push::Pool;
use crate::report::Report;
use anyhow::Result;
use reqwest::Client;

/// All rows. Whether all bounds held.
pub(crate) async fn measure(http: &Client, report: &mut Report) -> Result<bool> {
    println!("making 400 profiles …");
    let pool = Pool::new(&Model::new());
    let held = proxy::measure(http, &pool, report).await?;
    clickhouse::measure(http, &pool, report).await?;
    growth::report(http, report).await?;
    Ok(held)
}
