//! `/api/v1/oidc/…`: to the identity provider and back. A browser goes there by itself, so these answer with where to go on.

use crate::app::App;
use crate::auth::oidc::flow::{self, Callback};
use crate::auth::oidc::{Oidc, OidcError};
use crate::auth::{AuthError, Client, Permission, SignIn, return_path};
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::Params;
use crate::http::middleware::host_guard::is_this_machine;
use crate::http::router::{BodyLimit, Route};
use crate::http::{ApiError, cookie};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flarepath_wire::sign_in_problem::SignInProblem;
use std::sync::Arc;

const CALLBACK: &str = "/api/v1/oidc/callback";

const START_DOC: Doc = Doc {
    description: "Sends the browser to the identity provider (302). `next` is the page to go to afterwards, if it is a path of \
                  this server. What goes wrong ends on the page `/login?problem=…`.",
    params: &[Param::query("next", "The page to go to afterwards; `/` by default.", "/explore")],
    answer: Answer::Empty,
    errors: &[(404, "No identity provider is set.")],
    ..Doc::new("Sign-in", "Sign in at the identity provider")
};

const CALLBACK_DOC: Doc = Doc {
    description: "Where the identity provider sends the browser back to (302 to the page that was wanted, with the session's \
                  cookie). Each sign-in ends once, in the browser that began it.",
    params: &[
        Param::query("code", "What the provider gives for a token.", ""),
        Param::query("state", "Which sign-in it is.", ""),
        Param::query("iss", "Which provider answers.", ""),
        Param::query("error", "Why there is no code.", "access_denied"),
    ],
    answer: Answer::Empty,
    errors: &[(404, "No identity provider is set.")],
    ..Doc::new("Sign-in", "Come back from the identity provider")
};

pub(crate) fn routes() -> Vec<Route> {
    let line = |path, handler, doc| Route {
        method: "GET",
        path,
        permission: Permission::Public,
        body: BodyLimit::Small,
        handler,
        doc,
    };
    vec![line("/api/v1/oidc/start", get(start), START_DOC), line(CALLBACK, get(callback), CALLBACK_DOC)]
}

async fn start(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ApiError> {
    let oidc = provider(&app)?;
    let params = Params::read(&uri)?;
    params.check(&START_DOC)?;
    let wish = return_path::local_path(params.get("next").unwrap_or("/"));
    let back = redirect_uri(&app, &uri, &headers)?;
    let browser = cookie::read_oidc(&app, &headers);
    match flow::begin(&app.gate, oidc, &back, wish, browser, &client).await {
        Ok(begun) => {
            let mut response = go(&begun.url)?;
            let value = cookie::oidc(&app, &begun.browser).ok_or_else(ApiError::internal)?;
            response.headers_mut().append(header::SET_COOKIE, value);
            Ok(response)
        }
        Err(error) => failed(&error, wish),
    }
}

async fn callback(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ApiError> {
    let oidc = provider(&app)?;
    // Providers add parameters of their own (`session_state`, `scope`), so unknown ones are no mistake.
    let params = Params::read(&uri)?;
    let answer = Callback {
        code: params.get("code").map(Into::into),
        state: params.get("state").map(str::to_owned),
        issuer: params.get("iss").map(str::to_owned),
        error: params.get("error").map(str::to_owned),
    };
    let browser = cookie::read_oidc(&app, &headers);
    match flow::finish(&app.gate, oidc, answer, browser, &client).await {
        Ok((done, next)) => {
            tracing::info!(user = done.user.name, "signed in at the identity provider");
            let mut response = go(return_path::local_path(&next))?;
            let value = cookie::session(&app, &done.secret).ok_or_else(ApiError::internal)?;
            response.headers_mut().append(header::SET_COOKIE, value);
            Ok(response)
        }
        Err(error) => failed(&error, "/"),
    }
}

fn provider(app: &App) -> Result<&Oidc, ApiError> {
    app.oidc.as_ref().filter(|_| app.gate.sign_in == SignIn::On).ok_or_else(|| {
        ApiError::new(StatusCode::NOT_FOUND, "not-found", "no identity provider is set here (`oidc.issuer`)")
    })
}

/// Our address for coming back, as it is registered at the provider: the public one, or the name of this machine that the
/// browser uses.
fn redirect_uri(app: &App, uri: &Uri, headers: &HeaderMap) -> Result<String, ApiError> {
    if let Some(url) = &app.public_url {
        return Ok(format!("{}{CALLBACK}", url.origin()));
    }
    let named = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let host = uri.authority().map(|authority| authority.as_str()).or(named);
    let host = host.filter(|host| is_this_machine(host)).ok_or_else(|| {
        ApiError::new(
            StatusCode::FORBIDDEN,
            "foreign-site",
            "set `public_url` to sign in from other machines",
        )
    })?;
    Ok(format!("http://{host}{CALLBACK}"))
}

fn failed(error: &OidcError, wish: &str) -> Result<Response, ApiError> {
    tracing::warn!(%error, "a sign-in at the identity provider failed");
    let problem = problem(error).code();
    let again = if wish == "/" { String::new() } else { format!("&next={}", in_query(wish)) };
    go(&format!("/login?problem={problem}{again}"))
}

/// What the person is told.
fn problem(error: &OidcError) -> SignInProblem {
    match error {
        OidcError::Unavailable(_) => SignInProblem::ProviderUnavailable,
        OidcError::Stale => SignInProblem::Stale,
        OidcError::Refused(_) => SignInProblem::ProviderRefused,
        OidcError::BadAnswer(_) => SignInProblem::ProviderAnswer,
        OidcError::NotAllowed(_) => SignInProblem::NotAllowed,
        OidcError::NoAccount(_) => SignInProblem::NoAccount,
        OidcError::Disabled(_) => SignInProblem::Disabled,
        OidcError::Auth(AuthError::TooMany(_)) => SignInProblem::TooManyAttempts,
        OidcError::Auth(AuthError::Unclaimed) => SignInProblem::Unclaimed,
        OidcError::Auth(_) => SignInProblem::Internal,
    }
}

/// A path as a value in a query (RFC 3986, section 3.4).
fn in_query(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn go(to: &str) -> Result<Response, ApiError> {
    let location = HeaderValue::from_str(to).map_err(|_| ApiError::internal())?;
    let no_store = HeaderValue::from_static("no-store");
    Ok((StatusCode::FOUND, [(header::LOCATION, location), (header::CACHE_CONTROL, no_store)]).into_response())
}
