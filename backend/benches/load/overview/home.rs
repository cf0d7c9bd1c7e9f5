//! Requests for the overview, as Home sends them.

use crate::latency::Summary;
use crate::server::Server;
use anyhow::{Result, bail};
use flarepath_wire::overview::{OverviewResponse, OverviewRow};
use prost::Message;
use reqwest::Client;
use std::time::Instant;

/// Rows of a page of Home, and of the pages in which all rows are read.
const PAGE: usize = 50;
const LARGE_PAGE: usize = 200;

/// The server that is asked.
#[derive(Clone, Copy)]
pub(super) struct Home<'a> {
    pub(super) server: &'a Server,
    pub(super) http: &'a Client,
}

impl Home<'_> {
    /// The first page: what needs attention.
    pub(super) async fn first_page(self) -> Result<OverviewResponse> {
        self.ask(&format!("limit={PAGE}")).await
    }

    /// Response times of the first page, one request after the other.
    pub(super) async fn times(self, requests: usize) -> Result<Summary> {
        let mut ms = Vec::with_capacity(requests);
        for _ in 0..requests {
            let asked = Instant::now();
            self.first_page().await?;
            ms.push(asked.elapsed().as_secs_f64() * 1e3);
        }
        Ok(Summary::of(ms))
    }

    /// All rows of a range, which is a part of a query, or empty for the last hour.
    pub(super) async fn all_rows(self, range: &str) -> Result<Vec<OverviewRow>> {
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.ask(&format!("limit={LARGE_PAGE}{range}{cursor}")).await?;
            rows.extend(page.rows);
            if page.next_cursor.is_empty() {
                return Ok(rows);
            }
            cursor = format!("&cursor={}", page.next_cursor);
        }
    }

    async fn ask(self, query: &str) -> Result<OverviewResponse> {
        let url = format!("{}/api/v1/overview?{query}", self.server.url);
        let answer = self.http.get(url).header("accept", "application/x-protobuf").send().await?;
        if !answer.status().is_success() {
            bail!("no overview: {} {}", answer.status(), answer.text().await?);
        }
        Ok(OverviewResponse::decode(answer.bytes().await?)?)
    }
}

/// Whether a row says that its service changed.
pub(super) fn is_change(row: &OverviewRow) -> bool {
    ["regressed", "improved", "changed"].contains(&row.state.as_str())
}

/// Whether the service of a row was compared.
pub(super) fn is_compared(row: &OverviewRow) -> bool {
    is_change(row) || row.state == "unchanged"
}
