//! A county follows a township's server: what is given away, to whom, what comes back, and what the pages then say.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Stdio;

use journal::export::verify_files;
use journal::key::VerifierKey;
use yifa::storage::params;

use crate::client::{Page, Served, township};
use crate::support::{Ask, Ran, Scratch};

const TOKEN: &str = "kf83hs-read-the-journal";
const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/web/data/localhost.crt");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/web/data/localhost.key");

/// A county with a witness key, which the township knows; the township gives its journal to whoever has the token.
fn county(scratch: &Scratch) {
    scratch.yifa(&["--data", "county", "witness", "key", "--name", "county.example/witness"]).done();
    let shown = scratch.yifa(&["--data", "county", "witness", "key", "--json"]).done().out;
    let key = shown.split('"').find(|word| word.starts_with("county.example/witness+")).expect("a key");
    let path = scratch.data().join("yifa.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let more = format!("read_token = \"{TOKEN}\"\n\n[[witness]]\nname = \"上犹县\"\nkey = \"{key}\"\n");
    std::fs::write(path, text + &more).unwrap();
}

fn vkey(scratch: &Scratch) -> String {
    let secret = std::fs::read_to_string(scratch.data().join("log.key")).unwrap();
    journal::key::SignerKey::parse(secret.trim()).unwrap().verifier().to_string()
}

fn mirror(served: &Served, more: &[&str]) -> Ran {
    served.scratch.yifa(&[&["--data", "m", "mirror"], more].concat())
}

/// A file of the feed, asked for with a token.
fn asked(served: &Served, path: &str, token: &str) -> Page {
    served.visitor().bearing(&format!("/journal/feed/{path}"), token)
}

#[test]
fn a_county_follows_a_server_and_the_pages_say_who_saw_it() {
    let scratch = township();
    county(&scratch);
    let served = Served::start(scratch);
    let key = vkey(&served.scratch);
    let mut clerk = served.signed_in("clerk");
    let home = clerk.get("/");
    assert!(home.text.contains("已记入的还没有人见证"), "{}", home.text);
    let first = [served.base.as_str(), "--key", &key, "--token", TOKEN, "--witness", "county/witness.key"];
    mirror(&served, &first).done().says(&["逐条核验无误", "已见证", "见证已交回乡里的服务器"]);
    served.scratch.yifa(&["--data", "m", "verify"]).done().says(&["核验无误"]);
    served.scratch.yifa(&["--data", "m", "rebuild"]).done();
    let figures = |data: &str| served.scratch.yifa(&["--data", data, "figures", "2023", "--json"]).done().out;
    assert_eq!(figures("m"), figures("yifa-data"));
    let size = served.scratch.entries();
    let line = format!("见证（到第 {} 条，", size - 1);
    for path in ["/", "/registers/mediation_case"] {
        let page = clerk.get(path);
        assert_eq!(page.text.contains(&line), path == "/", "{path}: {}", page.text);
    }
    let db = served.scratch.db();
    let sql = "SELECT id FROM record WHERE town_id = $1 AND register = 'mediation_case' ORDER BY opened, id LIMIT 1";
    let record: String = db.value(sql, params![]);
    for below in ["", "/proof"] {
        let page = clerk.get(&format!("/registers/mediation_case/{record}{below}"));
        assert!(page.text.contains("已由上犹县见证") && page.text.contains(&line), "{below}: {}", page.text);
    }
    assert!(served.signed_in("inspector").get("/journal").text.contains(&line));
    // Nothing new: the township has the signature, and it is not handed back again.
    let again = mirror(&served, &[]).done().out;
    assert!(again.contains("没有新的记入") && !again.contains("交回"), "{again}");
    served.scratch.yifa(&["journal", "show"]).done().says(&["county.example/witness", "已由上犹县见证"]);
    // A neighbour looks at the same feed and keeps nothing of it; the township has not been told of him.
    let neighbour = ["--data", "n", "witness"];
    served.scratch.yifa(&[&neighbour[..], &["key", "--name", "n.example/witness"]].concat()).done();
    let check = ["check", served.base.as_str(), "--key", &key, "--token", TOKEN];
    served.scratch.yifa(&[&neighbour[..], &check].concat()).refused(&["P755", "P753", "n.example/witness"]);
}

#[test]
fn the_feed_is_for_whoever_has_the_token_and_holds_nothing_personal() {
    let scratch = township();
    county(&scratch);
    let served = Served::start(scratch);
    for path in ["checkpoint", "township.json", "tile/0/000", "tile/entries/000", "payloads/0.json"] {
        assert_eq!(asked(&served, path, TOKEN).status, 200, "{path}");
        for token in ["", "wrong", &TOKEN[..TOKEN.len() - 1]] {
            assert_eq!(asked(&served, path, token).status, 404, "{path} {token}");
        }
        assert_eq!(served.signed_in("admin").get(&format!("/journal/feed/{path}")).status, 404, "{path}");
    }
    let form = [("note", "x")];
    assert_eq!(served.visitor().post("/journal/witnesses", &form).status, 404);
    let size = served.scratch.entries();
    for path in [
        format!("payloads/{size}.json"),
        format!("tile/entries/{:03}.p/255", size / 256),
        "tile/0/999".to_owned(),
        "tile/7/000.p/1".to_owned(),
        "payloads/-1.json".to_owned(),
        "payloads/1".to_owned(),
        "../yifa.toml".to_owned(),
        "%2e%2e/log.key".to_owned(),
        "vkey".to_owned(),
    ] {
        assert_eq!(asked(&served, &path, TOKEN).status, 404, "{path}");
    }
    let sealed: Vec<String> = {
        let db = served.scratch.db();
        let sql = "SELECT DISTINCT value FROM sealed WHERE town_id = $1 AND length(value) > 12 ORDER BY value LIMIT 40";
        let all = db.rows(sql, params![], |row| row.get::<String>(0)).unwrap();
        all.into_iter().map(|value| value.trim_matches(|c| "[]\"".contains(c)).to_owned()).collect()
    };
    assert!(sealed.len() > 10);
    let salts: Vec<String> = {
        let db = served.scratch.db();
        let sql = "SELECT salt FROM payload WHERE town_id = $1 AND idx < 60 ORDER BY idx";
        let all = db.rows(sql, params![], |row| row.get::<Vec<u8>>(0)).unwrap();
        all.into_iter().map(|salt| salt.iter().map(|byte| format!("{byte:02x}")).collect()).collect()
    };
    for entry in (1..60).chain(size - 40..size) {
        let text = asked(&served, &format!("payloads/{entry}.json"), TOKEN).text;
        let shown = sealed.iter().chain(&salts).find(|secret| text.contains(secret.as_str()));
        assert_eq!(shown, None, "{entry}: {text}");
    }
}

/// Whatever width a tile ever had, the server gives it as an export of that size has it.
#[test]
fn the_feed_is_an_export_that_a_stranger_can_verify() {
    let scratch = township();
    county(&scratch);
    let served = Served::start(scratch);
    let key = VerifierKey::parse(&vkey(&served.scratch)).unwrap();
    struct Feed<'s>(std::cell::RefCell<crate::client::Client>, &'s str);
    impl journal::tiles::Files for Feed<'_> {
        fn read(&self, path: &str) -> std::io::Result<Option<std::borrow::Cow<'_, [u8]>>> {
            let path = format!("/journal/feed/{path}");
            let bytes = self.0.borrow_mut().bytes_bearing(&path, self.1);
            Ok(bytes.map(std::borrow::Cow::Owned))
        }
    }
    let feed = Feed(std::cell::RefCell::new(served.visitor()), TOKEN);
    let (checkpoint, report) = verify_files(&feed, key.name(), std::slice::from_ref(&key)).unwrap();
    assert_eq!(checkpoint.size as i64, served.scratch.entries());
    assert_eq!(report.differences.count(), 0, "{:?}", report.differences.list());
}

#[test]
fn a_server_that_does_not_answer_as_it_should_is_told_in_one_problem() {
    let scratch = township();
    county(&scratch);
    let served = Served::start(scratch);
    let key = vkey(&served.scratch);
    let base = served.base.clone();
    let check = |more: &[&str], words: &[&str]| {
        mirror(&served, &[&[more[0], "--key", &key], &more[1..]].concat()).refused(words);
        assert!(!served.scratch.path().join("m").exists());
    };
    check(&[&base], &["P757", "令牌"]);
    check(&[&base, "--token", "wrong"], &["P757", "read_token"]);
    check(&["http://127.0.0.1:1", "--token", TOKEN], &["P741"]);
    check(&["https://127.0.0.1:1", "--token", TOKEN, "--ca", "nowhere.crt"], &["P741", "--ca"]);
    // One that sends the token elsewhere, one that never ends, one that says nothing of the sort.
    let to_elsewhere = format!("HTTP/1.1 302 Found\r\nlocation: {base}/\r\ncontent-length: 0\r\n\r\n");
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(70 << 10));
    for (answer, words) in [
        (to_elsewhere.as_str(), ["P741", "302"]),
        (&endless, ["P741", "65536"]),
        ("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n", ["P741", "500"]),
        ("nonsense\r\n\r\n", ["P741", "township.json"]),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 4096]);
                // Whoever asked may have heard enough.
                let _ = stream.write_all(answer.as_bytes());
            });
            check(&[&address, "--token", TOKEN], &words);
        });
    }
}

#[test]
fn a_county_trusts_the_certificate_it_was_given_and_no_other() {
    let scratch = Scratch::township();
    county(&scratch);
    let key = vkey(&scratch);
    let first = ["account", "first", "--login", "guan", "--name", "管某", "--sex", "男"];
    scratch.yifa_given(&first, "山高 水长 路远 88\n".as_bytes()).done();
    let served = Served::start_with(scratch, &["--certificate", CERTIFICATE, "--key", KEY], "warn", Stdio::inherit());
    let address = format!("https://localhost:{}", served.base.rsplit(':').next().unwrap());
    let with = |ca: &[&str]| mirror(&served, &[&[address.as_str(), "--key", &key, "--token", TOKEN], ca].concat());
    with(&[]).refused(&["P741"]);
    with(&["--ca", CERTIFICATE]).done().says(&["青石乡", "逐条核验无误"]);
}
