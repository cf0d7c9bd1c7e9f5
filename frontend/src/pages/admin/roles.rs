//! The roles and what each allows, beside the lists of users and of access.

use crate::reactive::list;
use crate::state::access::ROLES;
use leptos::prelude::*;

/// The second column of a section.
pub(super) fn roles() -> AnyView {
    let role = |(_, name, what): (&'static str, &'static str, &'static str)| {
        view! { <div><dt>{name}</dt><dd>{what}</dd></div> }.into_any()
    };
    view! {
        <div class="about">
            <h3>"Roles"</h3>
            <dl>{list(ROLES.map(role))}</dl>
            <p>"A role applies to everything, to the profiles of a team, or to those that match a selector."</p>
        </div>
    }
    .into_any()
}
