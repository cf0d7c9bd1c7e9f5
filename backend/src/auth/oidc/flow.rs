//! The two halves of a sign-in: redirect to the provider, and callback (OpenID Connect Core 1.0, section 3.1; RFC 7636; RFC 9207).

use super::claims::{self, Claims, Person};
use super::discovery::Provider;
use super::http::WebError;
use super::{Oidc, OidcError, accounts};
use crate::auth::sign_in::SignedIn;
use crate::auth::{AuthError, Client, Gate, attempts, return_path, secret};
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

/// How long a person may take at the provider.
const TIME_AT_PROVIDER: Duration = Duration::from_secs(10 * 60);
/// Tolerated clock skew of the provider, in seconds.
const SKEW_S: i64 = 300;

/// Asymmetric algorithms only: `none` is no signature, and `HS…` uses a secret that is not the provider's alone.
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

/// Where to redirect the browser, and the secret that it must come back with.
pub(crate) struct Begun {
    /// Authorization URL at the provider.
    pub(crate) url: String,
    /// The secret for the cookie.
    pub(crate) browser: SecretString,
}

/// Parameters of the callback.
#[derive(Clone, Debug, Default)]
pub(crate) struct Callback {
    /// The authorization code.
    pub(crate) code: Option<SecretString>,
    pub(crate) state: Option<String>,
    /// The issuer that responds (RFC 9207).
    pub(crate) issuer: Option<String>,
    /// Error code, instead of a code.
    pub(crate) error: Option<String>,
}

/// Begins a sign-in that returns to `return_to`. `browser` is the secret of the cookie, if there is one, so that sign-ins in
/// several tabs can all complete.
///
/// # Errors
/// [`OidcError::Unavailable`]; [`AuthError::TooMany`], [`AuthError::Unclaimed`].
pub(crate) async fn begin(
    gate: &Gate,
    oidc: &Oidc,
    redirect_uri: &str,
    return_to: &str,
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
    let now = gate.clock.now();
    let mut change = gate.records.change().await?;
    change.delete_oidc_sign_ins(now).await?;
    let begun = OidcSignIn {
        state_hash: secret::digest(&state),
        browser_hash: secret::digest(&browser),
        nonce,
        verifier: verifier.secret().clone().into(),
        redirect_uri: redirect_uri.to_owned(),
        next: return_path::local_path(return_to).to_owned(),
        expires_at: now.plus(TIME_AT_PROVIDER),
    };
    change.insert_oidc_sign_in(&begun).await?;
    change.commit_unaudited().await?;
    Ok(Begun { url: url.to_string(), browser })
}

/// Completes a sign-in. Returns it with the path to return to.
///
/// # Errors
/// Any [`OidcError`].
pub(crate) async fn finish(
    gate: &Gate,
    oidc: &Oidc,
    callback: Callback,
    browser: Option<SecretString>,
    client: &Client,
) -> Result<(SignedIn, String), OidcError> {
    gate.must_be_claimed().await?;
    let counted = attempts::count_address(gate, "oidc", client).await?;
    let begun = take(gate, &callback, browser).await?;
    if let Some(error) = callback.error {
        return Err(OidcError::Refused(error.chars().filter(|c| !c.is_control()).take(200).collect()));
    }
    if callback.issuer.is_some_and(|issuer| issuer != oidc.config.issuer) {
        return Err(OidcError::BadAnswer("the response is from another issuer (`iss`)".to_owned()));
    }
    let code = callback.code.ok_or_else(|| OidcError::BadAnswer("the code is missing".to_owned()))?;
    let provider = oidc.discovery.provider().await?;
    let tokens = exchange(oidc, &provider, code, &begun).await?;
    let token =
        tokens.id_token().ok_or_else(|| OidcError::BadAnswer("the ID token is missing".to_owned()))?;
    let now_s = gate.clock.now().as_secs();
    let mut claims = verify(oidc, provider.clone(), token, &begun.nonce, now_s).await?;
    let subject = text(&claims, "sub")?;
    let config = &oidc.config;
    if claims::is_incomplete(&claims, &config.groups_claim, !config.groups.is_empty()) {
        let more = userinfo(&provider, tokens.access_token(), &subject).await?;
        for (key, value) in more {
            claims.entry(key).or_insert(value);
        }
    }
    let person: Person = claims::person(&config.issuer, &subject, &claims, &config.groups_claim);
    let done = accounts::sign_in(gate, oidc, &person, client).await?;
    attempts::take_back(&gate.records, &[counted]).await?;
    Ok((done, begun.next))
}

/// The stored sign-in, which is removed.
async fn take(
    gate: &Gate,
    callback: &Callback,
    browser: Option<SecretString>,
) -> Result<OidcSignIn, OidcError> {
    let state = callback.state.clone().map(SecretString::from).filter(secret::is_well_formed);
    let (Some(state), Some(browser)) = (state, browser) else { return Err(OidcError::Stale) };
    let mut change = gate.records.change().await?;
    let found = change.take_oidc_sign_in(&secret::digest(&state), &secret::digest(&browser)).await?;
    change.commit_unaudited().await?;
    found.filter(|begun| gate.clock.now() < begun.expires_at).ok_or(OidcError::Stale)
}

fn our_client(
    oidc: &Oidc,
    metadata: &CoreProviderMetadata,
    redirect_uri: &str,
) -> Result<OurClient, OidcError> {
    let config = &oidc.config;
    let secret = oidc.client_secret().map(|s| ClientSecret::new(s.expose_secret().to_owned()));
    let redirect = RedirectUrl::new(redirect_uri.to_owned())
        .map_err(|error| AuthError::Internal(format!("redirect URI: {error}")))?;
    let client =
        CoreClient::from_provider_metadata(metadata.clone(), ClientId::new(config.client_id.clone()), secret);
    Ok(client.set_redirect_uri(redirect).set_auth_type(auth_type(metadata)))
}

/// How the client secret is sent: in a header, unless the provider accepts it in the body only (default of RFC 8414,
/// section 2).
fn auth_type(metadata: &CoreProviderMetadata) -> AuthType {
    let Some(methods) = metadata.token_endpoint_auth_methods_supported() else { return AuthType::BasicAuth };
    let accepts = |method| methods.contains(&method);
    if !accepts(CoreClientAuthMethod::ClientSecretBasic) && accepts(CoreClientAuthMethod::ClientSecretPost) {
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
        .map_err(|_| OidcError::Unavailable("its metadata has no token endpoint".to_owned()))?
        .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.expose_secret().to_owned()));
    request.request_async(&provider.web).await.map_err(exchange_failed)
}

type ExchangeError = RequestTokenError<WebError, StandardErrorResponse<CoreErrorResponseType>>;

/// Never includes the response itself, which may contain tokens.
fn exchange_failed(error: ExchangeError) -> OidcError {
    match error {
        RequestTokenError::ServerResponse(answer) => {
            OidcError::BadAnswer(format!("the token endpoint rejected the code: {}", answer.error()))
        }
        RequestTokenError::Request(WebError::Unreachable(why)) => OidcError::Unavailable(why),
        RequestTokenError::Request(error) => OidcError::BadAnswer(error.to_string()),
        RequestTokenError::Parse(error, _) => {
            OidcError::BadAnswer(format!("malformed token response at `{}`", error.path()))
        }
        RequestTokenError::Other(_) => OidcError::BadAnswer("malformed token response".to_owned()),
    }
}

/// The claims of a verified ID token. Fetches the provider's keys again if they may have been rotated.
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
        true => Err("it was issued in the future; check the clocks".to_owned()),
        false => Ok(()),
    });
    let expected = nonce.expose_secret();
    let same_nonce = |given: Option<&Nonce>| match given {
        Some(given) if bool::from(given.secret().as_bytes().ct_eq(expected.as_bytes())) => Ok(()),
        Some(_) => Err("it belongs to another sign-in".to_owned()),
        None => Err("it is missing".to_owned()),
    };
    let claims = token.claims(&verifier, same_nonce)?;
    // Issued to another client that shares it with us (OpenID Connect Core 1.0, section 3.1.3.7, 5).
    match claims.authorized_party() {
        Some(party) if *party != client_id => Err(ClaimsVerificationError::InvalidAudience(
            "it was issued to another client (`azp`)".to_owned(),
        )),
        _ => Ok(()),
    }
}

/// All claims of a verified token.
fn payload(token: &CoreIdToken) -> Result<Claims, OidcError> {
    let text = token.to_string();
    let middle = text.split('.').nth(1).unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(middle.trim_end_matches('=')).ok();
    let claims = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    claims.ok_or_else(|| OidcError::BadAnswer("malformed ID token".to_owned()))
}

fn text(claims: &Claims, key: &str) -> Result<String, OidcError> {
    let value = claims.get(key).and_then(|value| value.as_str()).filter(|value| !value.is_empty());
    value.map(str::to_owned).ok_or_else(|| OidcError::BadAnswer(format!("the claim `{key}` is missing")))
}

/// Claims from the userinfo endpoint; none if the provider has no such endpoint.
async fn userinfo(provider: &Provider, token: &AccessToken, subject: &str) -> Result<Claims, OidcError> {
    let Some(url) = provider.metadata.userinfo_endpoint() else { return Ok(Claims::new()) };
    let bad = |why: &str| OidcError::BadAnswer(format!("userinfo: {why}"));
    let request = openidconnect::http::Request::get(url.as_str())
        .header("accept", "application/json")
        .header("authorization", format!("Bearer {}", token.secret()))
        .body(Vec::new());
    let request: HttpRequest = request.map_err(|_| bad("invalid access token"))?;
    let answer = provider.web.call(request).await.map_err(|error| match error {
        WebError::Unreachable(why) => OidcError::Unavailable(why),
        WebError::TooLong => bad("the response is too long"),
    })?;
    if !answer.status().is_success() {
        return Err(bad(answer.status().as_str()));
    }
    let claims: Claims =
        serde_json::from_slice(answer.body()).map_err(|_| bad("the response is not a JSON object"))?;
    // Required, or the claims of one person could be applied to another's account (section 5.3.2).
    if text(&claims, "sub")? != subject {
        return Err(bad("it is about another subject"));
    }
    Ok(claims)
}
