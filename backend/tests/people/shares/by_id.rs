//! Opening shares by their record id: from the list of shares, without the link, which is not stored.

use super::shop::{Shop, text};
use super::signed_in::{request, share, stock};
use crate::databases;
use crate::program::{Program, bind, good, secret, user_id};
use crate::site::{Browser, Site};
use axum::http::StatusCode;
use serde_json::{Value, json};

const SHOP: &str = "{service_name=\"shop\"}";
const PARTS: [&str; 4] = ["snapshot", "envelope", "pprof", "picture"];

fn path(made: &Value, part: &str) -> String {
    format!("/api/v1/shares/{}/{part}", text(made, "/share/id"))
}

async fn opens(who: &Browser, made: &Value) -> u16 {
    let mut all = Vec::new();
    for part in PARTS {
        all.push(who.get(&path(made, part)).await.status.as_u16());
    }
    assert!(all.iter().all(|status| *status == all[0]), "all parts alike: {all:?}");
    all[0]
}

#[tokio::test]
async fn owners_and_managers_open_shares_by_id_within_the_audience() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        stock(&site).await;
        let ann = site.user(&root, "ann", "viewer").await;
        let ben = site.user(&root, "ben", "editor").await;
        let foreign = site.user(&root, "foreign", "").await;
        bind(&root, ("user", &user_id(&foreign).await), "viewer", "{service_name=\"bank\"}").await;
        let nobody = site.browser_at("198.51.100.7");
        let (inside, private) = (share(&ann, "org").await, share(&ann, "private").await);
        let public = share(&ben, "link").await;
        // In the order: nobody, another team, ann, ben, the administrator.
        for (made, expected) in [
            (&inside, [401, 404, 200, 404, 200]),
            (&private, [401, 404, 200, 404, 404]),
            (&public, [401, 404, 404, 200, 200]),
        ] {
            for (who, status) in [&nobody, &foreign, &ann, &ben, &root].into_iter().zip(expected) {
                assert_eq!(opens(who, made).await, status, "{made}");
            }
        }
        let unknown = ben.get("/api/v1/shares/01h455vb4pex5vsknk084sn02q/snapshot").await;
        assert_eq!(
            ben.get(&path(&inside, "snapshot")).await.body,
            unknown.body,
            "nothing says that it exists"
        );
        // The bytes and the view are those of the link.
        let by_link = ann.get(&format!("/api/v1/shares/open/{}", text(&inside, "/link_id"))).await;
        assert_eq!(ann.get(&path(&inside, "snapshot")).await.body, by_link.body);
        assert_eq!(text(&good(&ann.get(&path(&inside, "envelope")).await), "/title"), "Slow");
        let picture = ann.get(&path(&inside, "picture")).await.body;
        assert!(picture.starts_with(b"\x89PNG") && picture != ann.get("/og/card.png").await.body);
        let html = ann.get(&format!("{}?format=html", path(&inside, "postmortem"))).await.text();
        assert!(html.contains("<img src=\"data:image/png;base64,"), "{html}");

        assert_eq!(ann.delete(&format!("/api/v1/shares/{}", text(&inside, "/share/id"))).await.status, 204);
        assert_eq!(opens(&ann, &inside).await, 410, "the owner learns that it has ended");
        assert_eq!(opens(&root, &inside).await, 404);
    }
}

#[tokio::test]
async fn opening_by_id_is_counted_and_audited() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        stock(&site).await;
        let made = share(&root, "org").await;
        assert_eq!(opens(&root, &made).await, 200);
        let row = good(&root.get(&format!("/api/v1/shares/{}", text(&made, "/share/id"))).await);
        assert_eq!(row["views"], 1);
        assert_eq!(site.audited().await.iter().filter(|action| *action == "share.view").count(), 1);
    }
}

#[tokio::test]
async fn limited_tokens_open_no_share_by_id() {
    let (site, root) = Site::claimed(databases::each().await.remove(0)).await;
    stock(&site).await;
    let made = good(&root.post("/api/v1/shares", request("private", "{service_name=\"bank\"}")).await);
    for (selector, status) in [("", StatusCode::OK), (SHOP, StatusCode::NOT_FOUND)] {
        let draft = json!({ "name": "script", "role": "viewer", "selector": selector });
        let program = Program::new(&site, &secret(&root.post("/api/v1/me/tokens", draft).await));
        for part in PARTS {
            assert_eq!(program.get(&path(&made, part)).await.status, status, "{part} within {selector}");
        }
    }
}

#[tokio::test]
async fn equal_titles_of_an_owner_are_made_distinct() {
    for records in databases::each().await {
        let (site, root) = Site::claimed(records).await;
        stock(&site).await;
        let ann = site.user(&root, "ann", "viewer").await;
        let title = async |who: &Browser| text(&share(who, "org").await, "/share/title").to_owned();
        assert_eq!(
            [title(&ann).await, title(&ann).await, title(&ann).await],
            ["Slow", "Slow (2)", "Slow (3)"]
        );
        assert_eq!(title(&root).await, "Slow", "another owner");
        let preview = good(&ann.post("/api/v1/shares/preview", request("org", SHOP)).await);
        assert_eq!(preview["title"], "Slow (4)");
    }
}

#[tokio::test]
async fn a_share_without_a_title_is_called_what_it_shows() {
    let shop = Shop::open(&databases::each().await[0]).await;
    let mut request = super::shop::request("org");
    request["title"] = json!("");
    let made = shop.post("/api/v1/shares", request).await.ok().json();
    let title = text(&made, "/share/title");
    assert!(title.starts_with("shop · samples · price: 64.6 %") && title.ends_with(" UTC"), "{title}");
}
