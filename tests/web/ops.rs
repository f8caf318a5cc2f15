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

/// Tries to sign in from an address as a proxy tells it, with cookies; the status, and the cookies that came.
fn tries(served: &Served, address: &str, login: &str, password: &str, cookies: &str) -> (u16, String) {
    let mut visitor = served.visitor();
    visitor.cookie = cookies.to_owned();
    let form = [("login", login), ("password", password)];
    let page = visitor.post_plain("/sign-in", &form, &[("x-forwarded-for", address)]);
    let set = page.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    (page.status, set.collect::<Vec<_>>().join("; "))
}

const WRONG: &str = "猜一个 口令 2026";

#[test]
fn guessing_is_stopped_where_it_is_done_and_nobody_is_shut_out_elsewhere() {
    let served = Served::start_with(township(), &["--behind-tls"], "warn", Stdio::inherit());
    let check = |address: &str, login: &str, password: &str, status: u16| {
        assert_eq!(tries(&served, address, login, password, "").0, status, "{login} from {address}");
    };
    for _ in 0..5 {
        check("10.0.0.1", "clerk", WRONG, 422);
    }
    check("10.0.0.1", "clerk", PASSWORD, 429);
    check("10.0.0.2", "clerk", PASSWORD, 303);
    check("10.0.0.1", "mediator", PASSWORD, 303);
    // What the browser itself writes there counts for nothing: the proxy adds the address it saw.
    check("10.0.0.9, 10.0.0.1", "clerk", PASSWORD, 429);
    // The addresses of one house are one.
    for host in 1..=5 {
        check(&format!("2001:db8::{host}"), "clerk", WRONG, 422);
    }
    check("2001:db8::6", "clerk", PASSWORD, 429);
    check("2001:db8:0:1::6", "clerk", PASSWORD, 303);
}

#[test]
fn who_comes_in_is_not_counted_and_whoever_came_in_before_is_kept_out_by_nobody() {
    let served = Served::start_with(township(), &["--behind-tls"], "warn", Stdio::inherit());
    let at = "10.0.0.1";
    // More than may fail, and a slip now and then.
    for _ in 0..12 {
        assert_eq!(tries(&served, at, "clerk", PASSWORD, "").0, 303);
        assert_eq!(tries(&served, at, "clerk", WRONG, "").0, 422);
    }
    let (status, own) = tries(&served, at, "clerk", PASSWORD, "");
    assert!(status == 303 && own.contains("__Host-yifa-known="), "{own}");
    let known = own.split("; ").find(|cookie| cookie.contains("known")).expect("it is known again").to_owned();
    // Somebody at the same address guesses at this login, and at all others.
    let logins = ["clerk", "leader", "mediator", "reviewer", "adviser", "inspector", "admin", "village_a", "village_b"];
    for login in logins {
        (0..5).for_each(|_| assert!(matches!(tries(&served, at, login, WRONG, "").0, 422 | 429), "{login}"));
    }
    assert_eq!(tries(&served, at, "clerk", PASSWORD, "").0, 429, "a browser nobody knows waits");
    let (status, again) = tries(&served, at, "clerk", PASSWORD, &known);
    assert_eq!(status, 303, "the one that came in before does not");
    // It knows one login and guesses at no other; nor does it guess at its own for ever.
    assert_eq!(tries(&served, at, "leader", PASSWORD, &known).0, 429);
    let known = again.split("; ").find(|cookie| cookie.contains("known")).expect("and stays known").to_owned();
    for _ in 0..5 {
        assert_eq!(tries(&served, at, "clerk", WRONG, &known).0, 422);
    }
    assert_eq!(tries(&served, at, "clerk", PASSWORD, &known).0, 429);
    // What makes it known opens nothing.
    let token = known.split_once('=').expect("a cookie").1;
    let mut thief = served.visitor();
    for cookie in [known.clone(), format!("__Host-yifa={token}")] {
        thief.cookie = cookie;
        assert_eq!(thief.get("/registers").status, 303);
    }
    // A machine that several use is known to each of them.
    let (_, first) = tries(&served, "10.0.0.3", "mediator", PASSWORD, "");
    let (_, both) = tries(&served, "10.0.0.3", "adviser", PASSWORD, &first);
    assert_eq!(both.split('.').count(), 2, "{both}");
    let (_, both) = tries(&served, "10.0.0.3", "mediator", PASSWORD, &both);
    assert_eq!(both.split('.').count(), 2, "each once: {both}");
}

#[test]
fn one_machine_does_not_take_the_places_of_all_connections() {
    let served = Served::demo();
    let mut open: Vec<TcpStream> = Vec::new();
    let ask = |stream: &TcpStream| {
        head(stream, "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").starts_with("http/1.1 200")
    };
    // Whoever has no place is told by the end of his connection.
    let answered = |stream: &mut TcpStream| {
        let sent = stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
        sent.is_ok() && stream.read(&mut [0; 1]).is_ok_and(|read| read > 0)
    };
    loop {
        let mut stream = TcpStream::connect(host(&served)).expect("connected");
        if !answered(&mut stream) {
            break;
        }
        open.push(stream);
        assert!(open.len() < 300, "there is no end to it");
    }
    assert!(open.len() >= 200, "an office has its places: {}", open.len());
    // One that leaves makes room.
    open.truncate(open.len() - 2);
    while !TcpStream::connect(host(&served)).is_ok_and(|stream| ask(&stream)) {
        std::thread::yield_now();
    }
}

#[test]
fn health_is_for_anybody_and_metrics_for_a_token_or_the_administrator() {
    let scratch = township();
    let config = scratch.data().join("yifa.toml");
    let text = std::fs::read_to_string(&config).expect("yifa.toml") + "metrics_token = \"a-long-token\"\n";
    std::fs::write(&config, text).expect("written");
    let served = Served::start(scratch);
    let ask = |path: &str, headers: &str| {
        let stream = TcpStream::connect(host(&served)).expect("connected");
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{headers}connection: close\r\n\r\n");
        head(stream, &request)
    };
    assert!(ask("/health", "").starts_with("http/1.1 200"));
    // A proxy that nobody declared asks from this machine too.
    for headers in ["", "x-forwarded-for: 10.0.0.1\r\n", "authorization: Bearer a-long-toke\r\n"] {
        assert!(ask("/metrics", headers).starts_with("http/1.1 404"), "{headers}");
    }
    assert!(ask("/metrics", "authorization: Bearer a-long-token\r\n").starts_with("http/1.1 200"));
    assert_eq!(served.signed_in("clerk").get("/metrics").status, 404);
    let page = served.signed_in("admin").get("/metrics");
    assert_eq!(page.status, 200);
    for line in [
        "yifa_requests_total{route=\"/health\",method=\"GET\",status=\"200\"} 1",
        "yifa_request_seconds_count{route=\"/metrics\",method=\"GET\"} 5",
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
fn what_says_itself_that_it_is_too_large_is_not_waited_for() {
    let served = Served::demo();
    let mut stream = TcpStream::connect(host(&served)).expect("connected");
    let request = "POST /sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
                   content-length: 99999999\r\nconnection: close\r\n\r\nlogin=";
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("提交的内容太大"), "{answer}");
    assert!(
        answer.contains("content-security-policy: default-src 'none'") && answer.contains("href=\"/\""),
        "{answer}"
    );
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
