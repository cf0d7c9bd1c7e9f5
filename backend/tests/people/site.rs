//! A server with sign-in over given records, and browsers with a cookie jar.

pub(crate) use crate::answer::Answer;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use flarepath::app::{App, AppBuilder};
use flarepath::auth::password::Passwords;
use flarepath::auth::{Gate, SignIn};
use flarepath::clock::ManualClock;
use flarepath::db::Records;
use flarepath::store::Storage;
use flarepath::store::memory::MemoryStore;
use flarepath_profile::unix_nanos::UnixNanos;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

/// When tests begin, in seconds.
pub(crate) const START_S: i64 = 1_795_227_540;
/// A password that may be chosen.
pub(crate) const PASSWORD: &str = "three small words";

/// A server. `clone` is another way to the same one.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) app: Arc<App>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) store: Arc<MemoryStore>,
    router: Router,
}

impl Site {
    /// Nobody has claimed it; it listens on loopback.
    pub(crate) fn unclaimed(records: Records) -> Site {
        Site::with(records, |app| app)
    }

    /// Unclaimed, with something set.
    pub(crate) fn with(records: Records, change: impl FnOnce(AppBuilder) -> AppBuilder) -> Site {
        Site::over(records, Arc::new(ManualClock::at(UnixNanos(START_S * 1_000_000_000))), change)
    }

    fn over(
        records: Records,
        clock: Arc<ManualClock>,
        change: impl FnOnce(AppBuilder) -> AppBuilder,
    ) -> Site {
        let store = Arc::new(MemoryStore::new());
        let mut gate = Gate::new(records, clock.clone(), SignIn::On);
        // The least that argon2 takes: tests sign in often.
        gate.passwords = Passwords::new(argon2::Params::new(64, 1, 1, None).unwrap());
        gate.attempt_delay = std::time::Duration::ZERO;
        let app = change(App::builder(Storage::exclusive("memory", store.clone()), gate)).build();
        Site { router: flarepath::http::router(app.clone()), app, clock, store }
    }

    /// Claimed by `root`, who is signed in at the browser.
    pub(crate) async fn claimed(records: Records) -> (Site, Browser) {
        Site::claimed_with(records, |app| app).await
    }

    /// Claimed, with something set.
    pub(crate) async fn claimed_with(
        records: Records,
        change: impl FnOnce(AppBuilder) -> AppBuilder,
    ) -> (Site, Browser) {
        let site = Site::with(records, change);
        let root = site.browser();
        let answer = root.post("/api/v1/claim", json!({ "name": "root", "password": PASSWORD })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        (site, root)
    }

    /// Another replica on the same records, with the same clock.
    pub(crate) fn replica(&self) -> Site {
        Site::over(self.app.records.clone(), self.clock.clone(), |app| {
            app.public_url(self.app.public_url.clone())
        })
    }

    /// A browser on the server's machine, signed out.
    pub(crate) fn browser(&self) -> Browser {
        Browser { site: self.clone(), cookies: Arc::default(), peer: "127.0.0.1:50000".parse().unwrap() }
    }

    /// A browser elsewhere, signed out.
    pub(crate) fn browser_at(&self, ip: &str) -> Browser {
        let peer = SocketAddr::new(ip.parse().unwrap(), 50000);
        Browser { peer, ..self.browser() }
    }

    /// A browser in which a new user with this role over everything is signed in.
    pub(crate) async fn user(&self, root: &Browser, name: &str, role: &str) -> Browser {
        let role = Some(role).filter(|role| !role.is_empty());
        let invited = root.post("/api/v1/users", json!({ "name": name, "role": role })).await;
        assert_eq!(invited.status, StatusCode::OK, "{}", invited.text());
        let browser = self.browser();
        let accept = json!({ "token": token_of(&invited.json()["link"]), "password": PASSWORD });
        let accepted = browser.post("/api/v1/invitations/accept", accept).await;
        assert_eq!(accepted.status, StatusCode::OK, "{}", accepted.text());
        browser
    }

    /// The actions in the audit log, sorted.
    pub(crate) async fn audited(&self) -> Vec<String> {
        self.app.records.audited_actions().await.unwrap()
    }
}

/// The secret in a link.
pub(crate) fn token_of(link: &Value) -> String {
    link.as_str().unwrap().split_once("#token=").unwrap().1.to_owned()
}

impl Answer {
    /// The kind of a problem.
    pub(crate) fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap_or_default().to_owned()
    }
}

/// A browser: it keeps cookies, and says that its requests come from a page of ours. `clone` is another tab.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) site: Site,
    /// Values of cookies by name.
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    peer: SocketAddr,
}

impl Browser {
    /// The cookies, as they are sent, without the one that marks a known browser.
    pub(crate) fn cookie(&self) -> Option<String> {
        self.cookies_where(|name| !name.ends_with("fp_browser"))
    }

    /// The cookie that marks a known browser.
    pub(crate) fn known_browser_cookie(&self) -> Option<String> {
        self.cookies_where(|name| name.ends_with("fp_browser"))
    }

    fn cookies_where(&self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let cookies = self.cookies.lock().unwrap();
        let pairs = cookies.iter().filter(|(name, _)| wanted(name));
        let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
        Some(pairs.join("; ")).filter(|text| !text.is_empty())
    }

    /// A browser at the same place with that cookie: what a thief has.
    pub(crate) fn with_cookie(&self, cookie: &str) -> Browser {
        let pairs = cookie.split("; ").filter_map(|pair| pair.split_once('='));
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let cookies = Arc::new(Mutex::new(pairs));
        Browser { site: self.site.clone(), cookies, peer: self.peer }
    }

    /// The same cookies, at another address.
    pub(crate) fn at(&self, ip: &str) -> Browser {
        Browser { peer: SocketAddr::new(ip.parse().unwrap(), 50000), ..self.clone() }
    }

    /// The same tabs, on another replica.
    pub(crate) fn on(&self, site: &Site) -> Browser {
        Browser { site: site.clone(), cookies: self.cookies.clone(), peer: self.peer }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path, Value::Null)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path, body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path, body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path, body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path, Value::Null)).await
    }

    /// Signs in; the status says whether it worked.
    pub(crate) async fn sign_in(&self, name: &str, password: &str) -> Answer {
        self.post("/api/v1/session", json!({ "name": name, "password": password })).await
    }

    /// What the browser would send, without cookies yet.
    pub(crate) fn request(&self, method: Method, path: &str, body: Value) -> Request<Body> {
        let public = self.site.app.public_url.as_ref();
        let host = public.map_or("127.0.0.1:4280", |url| url.authority()).to_owned();
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, host);
        request = request.header("sec-fetch-site", "same-origin");
        let body = match body {
            Value::Null => Body::empty(),
            body => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
        };
        request.body(body).unwrap()
    }

    /// Sends a request with the cookies there are, and keeps those that come back.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        if let Some(cookie) = self.cookies_where(|_| true) {
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        }
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let response = self.site.router.clone().oneshot(request).await.unwrap();
        let answer = Answer::of(response).await;
        for value in answer.headers.get_all(header::SET_COOKIE) {
            let text = value.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if text.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}
