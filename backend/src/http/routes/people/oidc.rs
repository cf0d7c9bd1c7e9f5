//! `/api/v1/oidc/…`: sign-in at the identity provider. Browsers navigate here, so all responses are redirects.

use super::with_cookie;
use crate::app::App;
use crate::auth::oidc::flow::{self, Callback};
use crate::auth::oidc::{Oidc, OidcError};
use crate::auth::{AuthError, Client, Permission, SignIn, return_path};
use crate::http::doc::{Answer, Doc, Param};
use crate::http::extract::Params;
use crate::http::login_path::login_path;
use crate::http::middleware::host_guard::is_this_machine;
use crate::http::route::Route;
use crate::http::{ApiError, cookie};
use crate::problem::ProblemKind;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use flarepath_wire::sign_in_problem::SignInProblem;
use std::sync::Arc;

const CALLBACK: &str = "/api/v1/oidc/callback";

const START_DOC: Doc = Doc {
    description: "Redirects the browser to the identity provider (302). `next` is the page to open afterwards, if it is a path of this \
                  server. Failures redirect to `/login?problem=…`.",
    params: &[Param::query("next", "The page to open afterwards.", "/explore").default("/")],
    answer: Answer::Redirect("To the identity provider, or to `/login?problem=…`"),
    errors: &[(404, "No identity provider is configured")],
    ..Doc::new("Sign-in", "Sign in at the identity provider")
};

const CALLBACK_DOC: Doc = Doc {
    description: "The identity provider redirects the browser here (302 to the page that was requested, with the session cookie). Each \
                  sign-in completes once, in the browser that started it.",
    params: &[
        Param::query("code", "Authorization code.", "SplxlOBeZQQYbYS6WxSbIA"),
        Param::query("state", "Identifies the sign-in.", "af0ifjsldkj"),
        Param::query("iss", "Issuer of the response.", "https://id.example.org"),
        Param::query("error", "Reason for the lack of a code.", "access_denied"),
    ],
    answer: Answer::Redirect("To the page that was requested, or to `/login?problem=…`"),
    errors: &[(404, "No identity provider is configured")],
    ..Doc::new("Sign-in", "Return from the identity provider")
};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/oidc/start", start).needs(Permission::Public).doc(START_DOC),
        Route::get(CALLBACK, callback).needs(Permission::Public).doc(CALLBACK_DOC),
    ]
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
    let next = return_path::local_path(params.get("next").unwrap_or("/"));
    let back = redirect_uri(&app, &uri, &headers)?;
    let browser = cookie::read_oidc(&app, &headers);
    match flow::begin(&app.gate, oidc, &back, next, browser, &client).await {
        Ok(begun) => with_cookie(redirect(&begun.url)?, cookie::oidc(&app, &begun.browser)),
        Err(error) => failed(&error, next),
    }
}

async fn callback(
    State(app): State<Arc<App>>,
    client: Client,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ApiError> {
    let oidc = provider(&app)?;
    // Providers add parameters of their own (`session_state`, `scope`), so unknown ones are not rejected.
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
            with_cookie(redirect(return_path::local_path(&next))?, cookie::session(&app, &done.secret))
        }
        Err(error) => failed(&error, "/"),
    }
}

fn provider(app: &App) -> Result<&Oidc, ApiError> {
    app.oidc.as_ref().filter(|_| app.gate.sign_in == SignIn::On).ok_or_else(|| {
        ApiError::new(ProblemKind::NotFound, "no identity provider is configured (`oidc.issuer`)")
    })
}

/// The callback URL as registered at the provider: the public one, or the name of this machine that the browser uses.
fn redirect_uri(app: &App, uri: &Uri, headers: &HeaderMap) -> Result<String, ApiError> {
    if let Some(url) = &app.public_url {
        return Ok(format!("{}{CALLBACK}", url.origin()));
    }
    let named = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let host = uri.authority().map(|authority| authority.as_str()).or(named);
    let host = host.filter(|host| is_this_machine(host)).ok_or_else(|| {
        ApiError::new(ProblemKind::ForeignSite, "set `public_url` to allow signing in from other machines")
    })?;
    Ok(format!("http://{host}{CALLBACK}"))
}

fn failed(error: &OidcError, next: &str) -> Result<Response, ApiError> {
    tracing::warn!(%error, "sign-in at the identity provider failed");
    redirect(&login_path(Some(problem(error).code()), next))
}

/// The problem shown on the login page.
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

fn redirect(to: &str) -> Result<Response, ApiError> {
    let location = HeaderValue::from_str(to).map_err(|_| ApiError::internal())?;
    let no_store = HeaderValue::from_static("no-store");
    Ok((StatusCode::FOUND, [(header::LOCATION, location), (header::CACHE_CONTROL, no_store)]).into_response())
}
