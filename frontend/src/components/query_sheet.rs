//! The sheet in which a phone has the parts of a query.

use super::modal::Modal;
use crate::reactive::RwSignal;
use leptos::prelude::*;

/// The sheet with `controls`, while `open` is true.
pub(crate) fn query_sheet(open: RwSignal<bool>, controls: ViewFn) -> AnyView {
    view! { <Modal id="query-sheet" title="Filter" open><div class="query-sheet">{controls.run()}</div></Modal> }
        .into_any()
}
