//! The two halves of a sign-in: to the provider, and back (OpenID Connect Core 1.0, section 3.1; RFC 7636; RFC 9207).

use super::claims::{self, Claims, Person};
use super::discovery::Provider;
use super::http::WebError;
use super::{Oidc, OidcError, accounts};
use crate::auth::sign_in::SignedIn;
use crate::auth::{AuthError, Client, Gate, attempts, next, secret};
use crate::db::oidc_sign_ins::OidcSignIn;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType, CoreIdToken,
    CoreIdTokenVerifier, CoreJwsSigningAlgorithm as Alg, CoreProviderMetadata, CoreTokenResponse,
};
use openidconnect::{
    AccessToken, AsyncHttpClient, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId,
    ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, StandardErrorResponse, TokenResponse,
};
use secrecy::{ExposeSecret, SecretString};
use std::time::{Duration, UNIX_EPOCH};
use subtle::ConstantTimeEq;

const SECOND: i64 = 1_000_000_000;
/// How long a person may take at the provider.
pub(crate) const TIME: i64 = 10 * 60 * SECOND;
/// How far the provider's clock may be ahead.
const SKEW_S: i64 = 300;

/// With the provider's keys only: `none` is no signature, and `HS…` is made with a secret that is not only the provider's.
const SIGNATURES: [Alg; 9] = [
    Alg::RsaSsaPkcs1V15Sha256,
    Alg::RsaSsaPkcs1V15Sha384,
    Alg::RsaSsaPkcs1V15Sha512,
    Alg::RsaSsaPssSha256,
    Alg::RsaSsaPssSha384,
    Alg::RsaSsaPssSha512,
    Alg::EcdsaP256Sha256,
    Alg::EcdsaP384Sha384,
    Alg::EdDsa,
];

type OurClient = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Where to send the browser, and the secret that it must come back with.
pub(crate) struct Begun {
    /// The provider's page.
    pub(crate) url: String,
    /// For the cookie.
    pub(crate) browser: SecretString,
}

/// What the provider sent the browser back with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    /// The code.
    pub(crate) code: Option<SecretString>,
    /// As we made it.
    pub(crate) state: Option<String>,
    /// Who answers (RFC 9207).
    pub(crate) issuer: Option<String>,
    /// Why there is no code.
    pub(crate) error: Option<String>,
}

/// Begins a sign-in. `browser` is the secret of the cookie, if there is one: of sign-ins in several tabs, each can end.
///
/// # Errors
/// [`OidcError::Unavailable`]; [`AuthError::TooMany`], [`AuthError::Unclaimed`].
pub(crate) async fn begin(
    gate: &Gate,
    oidc: &Oidc,
    redirect_uri: &str,
    wish: &str,
    browser: Option<SecretString>,
    client: &Client,
) -> Result<Begun, OidcError> {
    gate.must_be_claimed().await?;
    attempts::count_address(gate, "oidc", client).await?;
    let provider = oidc.discovery.provider().await?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (state, nonce) = (secret::new_secret(), secret::new_secret());
    let browser = browser.filter(secret::is_well_formed).unwrap_or_else(secret::new_secret);
    let (csrf, once) = (state.expose_secret().to_owned(), nonce.expose_secret().to_owned());
    let ours = our_client(oidc, &provider.metadata, redirect_uri)?;
    let request = ours
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(csrf),
            move || Nonce::new(once),
        )
        .add_scopes(oidc.config.scopes.iter().filter(|scope| *scope != "openid").cloned().map(Scope::new))
        .set_pkce_challenge(challenge);
    let (url, ..) = request.url();
    let now = gate.clock.now_ns();
    let mut change = gate.records.change().await?;
    change.delete_oidc_sign_ins(now).await?;
    let begun = OidcSignIn {
        state_hash: secret::digest(&state),
        browser_hash: secret::digest(&browser),
        nonce,
        verifier: verifier.secret().clone().into(),
        redirect_uri: redirect_uri.to_owned(),
        next: next::local_path(wish).to_owned(),
        expires_at: now.saturating_add(TIME),
    };
    change.insert_oidc_sign_in(&begun).await?;
    change.commit_unaudited().await?;
    Ok(Begun { url: url.to_string(), browser })
}

/// Ends a sign-in: who it is, the secret of the session, and the page to go to.
///
/// # Errors
/// Any [`OidcError`].
pub(crate) async fn finish(
    gate: &Gate,
    oidc: &Oidc,
    answer: Answer,
    browser: Option<SecretString>,
    client: &Client,
) -> Result<(SignedIn, String), OidcError> {
    gate.must_be_claimed().await?;
    let counted = attempts::count_address(gate, "oidc", client).await?;
    let begun = take(gate, &answer, browser).await?;
    if let Some(error) = answer.error {
        return Err(OidcError::Refused(error.chars().filter(|c| !c.is_control()).take(200).collect()));
    }
    if answer.issuer.is_some_and(|issuer| issuer != oidc.config.issuer) {
        return Err(OidcError::BadAnswer("another provider answers (`iss`)".to_owned()));
    }
    let code = answer.code.ok_or_else(|| OidcError::BadAnswer("there is no code".to_owned()))?;
    let provider = oidc.discovery.provider().await?;
    let tokens = exchange(oidc, &provider, code, &begun).await?;
    let token = tokens.id_token().ok_or_else(|| OidcError::BadAnswer("there is no ID token".to_owned()))?;
    let now_s = gate.clock.now_ns() / SECOND;
    let mut claims = verify(oidc, provider.clone(), token, &begun.nonce, now_s).await?;
    let subject = text(&claims, "sub")?;
    let config = &oidc.config;
    if claims::lacks_something(&claims, &config.groups_claim, !config.groups.is_empty()) {
        let more = userinfo(&provider, tokens.access_token(), &subject).await?;
        for (key, value) in more {
            claims.entry(key).or_insert(value);
        }
    }
    let person: Person = claims::person(&config.issuer, &subject, &claims, &config.groups_claim);
    let done = accounts::enter(gate, config, &person, client).await?;
    attempts::uncount(&gate.records, &[counted]).await?;
    Ok((done, begun.next))
}

/// What was kept of the sign-in, once.
async fn take(gate: &Gate, answer: &Answer, browser: Option<SecretString>) -> Result<OidcSignIn, OidcError> {
    let state = answer.state.clone().map(SecretString::from).filter(secret::is_well_formed);
    let (Some(state), Some(browser)) = (state, browser) else { return Err(OidcError::Stale) };
    let mut change = gate.records.change().await?;
    let found = change.take_oidc_sign_in(&secret::digest(&state), &secret::digest(&browser)).await?;
    change.commit_unaudited().await?;
    found.filter(|begun| gate.clock.now_ns() < begun.expires_at).ok_or(OidcError::Stale)
}

fn our_client(
    oidc: &Oidc,
    metadata: &CoreProviderMetadata,
    redirect_uri: &str,
) -> Result<OurClient, OidcError> {
    let config = &oidc.config;
    let secret = config.client_secret.as_ref().map(|s| ClientSecret::new(s.expose_secret().to_owned()));
    let redirect = RedirectUrl::new(redirect_uri.to_owned())
        .map_err(|error| AuthError::Internal(format!("the address for coming back: {error}")))?;
    let client =
        CoreClient::from_provider_metadata(metadata.clone(), ClientId::new(config.client_id.clone()), secret);
    Ok(client.set_redirect_uri(redirect).set_auth_type(auth_type(metadata)))
}

/// How we show the secret: in a header, unless the provider takes it in the body only (default by RFC 8414, section 2).
fn auth_type(metadata: &CoreProviderMetadata) -> AuthType {
    let Some(methods) = metadata.token_endpoint_auth_methods_supported() else { return AuthType::BasicAuth };
    let takes = |method| methods.contains(&method);
    if !takes(CoreClientAuthMethod::ClientSecretBasic) && takes(CoreClientAuthMethod::ClientSecretPost) {
        return AuthType::RequestBody;
    }
    AuthType::BasicAuth
}

async fn exchange(
    oidc: &Oidc,
    provider: &Provider,
    code: SecretString,
    begun: &OidcSignIn,
) -> Result<CoreTokenResponse, OidcError> {
    let client = our_client(oidc, &provider.metadata, &begun.redirect_uri)?;
    let request = client
        .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
        .map_err(|_| OidcError::Unavailable("it names no token endpoint".to_owned()))?
        .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.expose_secret().to_owned()));
    request.request_async(&provider.web).await.map_err(exchange_failed)
}

type ExchangeError = RequestTokenError<WebError, StandardErrorResponse<CoreErrorResponseType>>;

/// Never the answer itself: there may be tokens in it.
fn exchange_failed(error: ExchangeError) -> OidcError {
    match error {
        RequestTokenError::ServerResponse(answer) => {
            OidcError::BadAnswer(format!("it does not change the code for a token: {}", answer.error()))
        }
        RequestTokenError::Request(WebError::Unreachable(why)) => OidcError::Unavailable(why),
        RequestTokenError::Request(error) => OidcError::BadAnswer(error.to_string()),
        RequestTokenError::Parse(error, _) => {
            OidcError::BadAnswer(format!("its token answer cannot be read at `{}`", error.path()))
        }
        RequestTokenError::Other(_) => OidcError::BadAnswer("its token answer cannot be read".to_owned()),
    }
}

/// The claims of an ID token that is good, with the provider's keys read again if they may have changed.
async fn verify(
    oidc: &Oidc,
    provider: Provider,
    token: &CoreIdToken,
    nonce: &SecretString,
    now_s: i64,
) -> Result<Claims, OidcError> {
    let first = check(oidc, &provider.metadata, token, nonce, now_s);
    let outcome = match first {
        Err(ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_),
        )) => match oidc.discovery.with_new_keys().await? {
            Some(renewed) => check(oidc, &renewed.metadata, token, nonce, now_s),
            None => first,
        },
        other => other,
    };
    outcome.map_err(|error| OidcError::BadAnswer(format!("ID token: {error}")))?;
    payload(token)
}

fn check(
    oidc: &Oidc,
    metadata: &CoreProviderMetadata,
    token: &CoreIdToken,
    nonce: &SecretString,
    now_s: i64,
) -> Result<(), ClaimsVerificationError> {
    let client_id = ClientId::new(oidc.config.client_id.clone());
    let verifier = CoreIdTokenVerifier::new_public_client(
        client_id.clone(),
        metadata.issuer().clone(),
        metadata.jwks().clone(),
    )
    .set_allowed_algs(SIGNATURES)
    .set_time_fn(move || (UNIX_EPOCH + Duration::from_secs(now_s.unsigned_abs())).into())
    .set_issue_time_verifier_fn(move |issued| match issued.timestamp() > now_s + SKEW_S {
        true => Err("it was issued in the future; are the clocks right?".to_owned()),
        false => Ok(()),
    });
    let expected = nonce.expose_secret();
    let same_nonce = |given: Option<&Nonce>| match given {
        Some(given) if bool::from(given.secret().as_bytes().ct_eq(expected.as_bytes())) => Ok(()),
        Some(_) => Err("it is another sign-in's".to_owned()),
        None => Err("it is missing".to_owned()),
    };
    let claims = token.claims(&verifier, same_nonce)?;
    // Made for somebody else, who lets us see it (OpenID Connect Core 1.0, section 3.1.3.7, 5).
    match claims.authorized_party() {
        Some(party) if *party != client_id => Err(ClaimsVerificationError::InvalidAudience(
            "it was issued to another client (`azp`)".to_owned(),
        )),
        _ => Ok(()),
    }
}

/// All claims of a token that was checked.
fn payload(token: &CoreIdToken) -> Result<Claims, OidcError> {
    let text = token.to_string();
    let middle = text.split('.').nth(1).unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(middle.trim_end_matches('=')).ok();
    let claims = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    claims.ok_or_else(|| OidcError::BadAnswer("its ID token cannot be read".to_owned()))
}

fn text(claims: &Claims, key: &str) -> Result<String, OidcError> {
    let value = claims.get(key).and_then(|value| value.as_str()).filter(|value| !value.is_empty());
    value.map(str::to_owned).ok_or_else(|| OidcError::BadAnswer(format!("there is no `{key}`")))
}

/// More about the person, from the provider itself; nothing, if it has no place for that.
async fn userinfo(provider: &Provider, token: &AccessToken, subject: &str) -> Result<Claims, OidcError> {
    let Some(url) = provider.metadata.userinfo_endpoint() else { return Ok(Claims::new()) };
    let bad = |why: &str| OidcError::BadAnswer(format!("userinfo: {why}"));
    let request = openidconnect::http::Request::get(url.as_str())
        .header("accept", "application/json")
        .header("authorization", format!("Bearer {}", token.secret()))
        .body(Vec::new());
    let request: HttpRequest = request.map_err(|_| bad("the access token cannot be sent"))?;
    let answer = provider.web.call(request).await.map_err(|error| match error {
        WebError::Unreachable(why) => OidcError::Unavailable(why),
        WebError::TooLong => bad("the answer is too long"),
    })?;
    if !answer.status().is_success() {
        return Err(bad(answer.status().as_str()));
    }
    let claims: Claims =
        serde_json::from_slice(answer.body()).map_err(|_| bad("the answer is no JSON object"))?;
    // Or somebody's name could be put under another's account (section 5.3.2).
    if text(&claims, "sub")? != subject {
        return Err(bad("it speaks of somebody else"));
    }
    Ok(claims)
}
