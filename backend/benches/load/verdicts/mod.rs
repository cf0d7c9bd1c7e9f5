//! Verdicts: how long they take, how often they are wrong where nothing changed, and what they say of a change. The last two are of a
//! recorded run of the demo, in which version 2 of one service is deployed after an hour, and nothing else changes.
//!
//! Each row has a bound and says whether it held.

mod change;
mod day;
#[path = "../../../tests/api/recorded/means.rs"]
mod means;
#[path = "../../../tests/api/recorded/pairs.rs"]
mod pairs;
mod run;
mod unchanged;

use crate::Options;
use crate::report::Report;
use anyhow::Result;
use run::Run;

/// All rows. Whether all bounds held.
pub(crate) async fn measure(options: &Options, http: &reqwest::Client, report: &mut Report) -> Result<bool> {
    let mut held = day::measure(options, http, report).await?;
    println!("replaying a recorded run …");
    let run = Run::replayed(http).await?;
    held &= unchanged::measure(&run, report).await?;
    held &= change::measure(&run, report).await?;
    run.stop()?;
    Ok(held)
}
