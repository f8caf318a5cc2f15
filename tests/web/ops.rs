//! Running it: the first administrator, guesses, TLS, stopping, what it says of itself and what it does not.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::client::{PASSWORD, Served, township};
use crate::support::Scratch;

/// A certificate for `localhost` that nobody but these tests trusts, and its key.
const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/web/data/localhost.crt");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/web/data/localhost.key");

fn host(served: &Served) -> &str {
    served.base.split("//").nth(1).expect("an address")
}

/// Sends bytes as they are, and reads the head of what comes back.
fn head(mut stream: impl Read + Write, request: &str) -> String {
    stream.write_all(request.as_bytes()).expect("sent");
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n").to_lowercase()
}

#[test]
fn the_first_administrator_is_made_on_the_console_and_has_no_password_but_his_own() {
    let scratch = Scratch::init();
    scratch.yifa(&["serve", "--listen", "127.0.0.1:0"]).refused(&["P807", "yifa account first"]);
    let first = ["account", "first", "--login", "guan", "--name", "管某", "--sex", "男"];
    scratch.yifa_given(&first, b"\n").refused(&["P804"]);
    scratch.yifa_given(&first, b"admin12345\n").refused(&["P804"]);
    scratch.yifa_given(&first, "山高 水长 路远 88\n".as_bytes()).done();
    scratch.yifa_given(&first, "山高 水长 路远 99\n".as_bytes()).refused(&["P808"]);
    let served = Served::start(scratch);
    let check = |login: &str, password: &str, status: u16| {
        let page = served.visitor().post("/sign-in", &[("login", login), ("password", password)]);
        assert_eq!(page.status, status, "{login} with {password}");
    };
    check("guan", "山高 水长 路远 88", 303);
    check("guan", "", 422);
    check("admin", "admin", 422);
    check("admin", "", 422);
}

#[test]
fn guessing_is_stopped_where_it_is_done_and_nobody_is_shut_out_elsewhere() {
    let served = Served::start_with(township(), &["--behind-tls"], "warn", Stdio::inherit());
    let check = |address: &str, login: &str, password: &str, status: u16| {
        let form = [("login", login), ("password", password)];
        let page = served.visitor().post_plain("/sign-in", &form, &[("x-forwarded-for", address)]);
        assert_eq!(page.status, status, "{login} from {address}");
    };
    for _ in 0..5 {
        check("10.0.0.1", "clerk", "猜一个 口令 2026", 422);
    }
    check("10.0.0.1", "clerk", PASSWORD, 429);
    check("10.0.0.2", "clerk", PASSWORD, 303);
    check("10.0.0.1", "mediator", PASSWORD, 303);
    // What the browser itself writes there counts for nothing: the proxy adds the address it saw.
    check("10.0.0.9, 10.0.0.1", "clerk", PASSWORD, 429);
}

#[test]
fn health_is_for_anybody_and_metrics_are_not() {
    let scratch = township();
    let config = scratch.data().join("yifa.toml");
    let text = std::fs::read_to_string(&config).expect("yifa.toml") + "metrics_token = \"a-long-token\"\n";
    std::fs::write(&config, text).expect("written");
    let served = Served::start_with(scratch, &["--behind-tls"], "warn", Stdio::inherit());
    let ask = |path: &str, headers: &str| {
        let stream = TcpStream::connect(host(&served)).expect("connected");
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{headers}connection: close\r\n\r\n");
        head(stream, &request)
    };
    let far = "x-forwarded-for: 10.0.0.1\r\n";
    assert!(ask("/health", far).starts_with("http/1.1 200"));
    assert!(ask("/metrics", far).starts_with("http/1.1 404"));
    assert!(ask("/metrics", &format!("{far}authorization: Bearer a-long-toke\r\n")).starts_with("http/1.1 404"));
    assert!(ask("/metrics", &format!("{far}authorization: Bearer a-long-token\r\n")).starts_with("http/1.1 200"));
    let page = served.visitor().get("/metrics");
    assert_eq!(page.status, 200, "from this machine");
    for line in [
        "yifa_requests_total{route=\"/health\",method=\"GET\",status=\"200\"} 1",
        "yifa_request_seconds_count{route=\"/metrics\",method=\"GET\"} 3",
        "yifa_up 1",
    ] {
        assert!(page.text.contains(line), "{line}\n{}", page.text);
    }
    let entries = served.scratch.entries();
    assert!(page.text.contains(&format!("yifa_journal_entries {entries}\n")), "{}", page.text);
    assert_eq!(served.visitor().get("/health").text, "ok\n");
}

#[test]
fn a_certificate_makes_the_cookie_and_every_later_visit_go_over_tls() {
    let scratch = township();
    scratch.yifa(&["serve", "--listen", "127.0.0.1:0", "--certificate", KEY, "--key", KEY]).refused(&["P814"]);
    let served = Served::start_with(scratch, &["--certificate", CERTIFICATE, "--key", KEY], "warn", Stdio::inherit());
    assert!(served.base.starts_with("https://"));
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(CERTIFICATE).expect("a certificate")).expect("a root");
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(ring).with_safe_default_protocol_versions().expect("versions");
    let config = Arc::new(config.with_root_certificates(roots).with_no_client_auth());
    let form = format!("login=clerk&password={}", PASSWORD.replace(' ', "+"));
    let request = format!(
        "POST /sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{form}",
        form.len()
    );
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = ClientConnection::new(config, name).expect("a connection");
    let answer = head(StreamOwned::new(connection, TcpStream::connect(host(&served)).expect("connected")), &request);
    assert!(answer.starts_with("http/1.1 303"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age="), "{answer}");
    let cookie = answer.lines().find(|line| line.starts_with("set-cookie: ")).expect("a cookie");
    for part in ["__host-yifa=", "; secure", "; httponly", "; samesite=", "; path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let plain =
        head(TcpStream::connect(host(&served)).expect("connected"), "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert!(!plain.starts_with("http/1.1 2") && !plain.starts_with("http/1.1 3"), "{plain}");
}

#[test]
fn what_was_begun_is_finished_before_it_stops_and_nobody_new_comes_in() {
    let served = Served::demo();
    let address = host(&served).to_owned();
    let form = format!("login=clerk&password={}", PASSWORD.replace(' ', "+"));
    let (first, rest) = form.as_bytes().split_at(8);
    let mut slow = TcpStream::connect(&address).expect("connected");
    let head_of = format!(
        "POST /sign-in HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n",
        form.len()
    );
    slow.write_all(head_of.as_bytes()).and_then(|()| slow.write_all(first)).expect("half of it");
    // An answer on another connection: by now the server has taken the first one in.
    assert_eq!(served.visitor().get("/health").status, 200);
    served.terminate();
    while TcpStream::connect(&address).is_ok() {
        std::thread::yield_now();
    }
    slow.write_all(rest).expect("the other half");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 303") && answer.contains("set-cookie: yifa="), "{answer}");
    let (code, scratch) = served.ended();
    assert_eq!(code, Some(0));
    scratch.is_sound();
}

#[test]
fn whoever_is_not_signed_in_sends_no_file_and_whoever_is_not_too_many_at_once() {
    let served = Served::demo();
    let stream = TcpStream::connect(host(&served)).expect("connected");
    let request = "POST /password HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=b\r\n\
                   content-length: 50000000\r\n\r\n";
    let answer = head(stream, request);
    assert!(answer.starts_with("http/1.1 303") && answer.contains("/sign-in"), "before a byte of the file: {answer}");
    assert!(!served.scratch.data().join("incoming").exists());
    let mut clerk = served.signed_in("clerk");
    let answers: Vec<u16> = (0..36).map(|_| clerk.post("/journal/verify", &[]).status).collect();
    assert!(answers[..30].iter().all(|status| *status == 303), "{answers:?}");
    assert!(answers[30..].contains(&429), "{answers:?}");
    assert_ne!(served.signed_in("leader").post("/journal/verify", &[]).status, 429, "each account has its own measure");
}

#[test]
fn the_log_tells_every_request_by_its_id_and_pattern_and_nothing_of_anybody() {
    let scratch = township();
    let path = scratch.path().join("serve.log");
    let file = std::fs::File::create(&path).expect("a file");
    let served = Served::start_with(scratch, &[], "debug", file.into());
    let mut clerk = served.signed_in("clerk");
    let id = clerk.get("/registers/mediation_case?q=某人").header("x-request-id").to_owned();
    let token = clerk.cookie.split('=').nth(1).expect("a token").to_owned();
    served.terminate();
    let (code, _scratch) = served.ended();
    assert_eq!(code, Some(0));
    let log = std::fs::read_to_string(&path).expect("a log");
    for line in log.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "a line is JSON: {line}");
    }
    let of = log.lines().find(|line| line.contains(&id)).expect("the request");
    assert!(of.contains("\"route\":\"/registers/{register}\"") && of.contains("\"status\":200"), "{of}");
    for secret in [PASSWORD, "clerk", "某人", token.as_str(), "叶知秋"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}
