//! A server of a test's own, and people who visit it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ureq::Agent;
use ureq::http::Response;
use yifa::accounts::Accounts;
use yifa::accounts::password::Password;
use yifa::demo::accounts::ACCOUNTS;
use yifa::folder::Folder;
use yifa::query::records::find;

use crate::support::Scratch;

/// The password of everybody in these tests.
pub const PASSWORD: &str = "测试用的 口令 2026";

/// A copy of the demonstration, its people with accounts, not yet served.
pub fn township() -> Scratch {
    with_accounts(Scratch::demo())
}

fn with_accounts(scratch: Scratch) -> Scratch {
    let folder = Folder::open(&scratch.data()).expect("the folder");
    let (accounts, db) = (Accounts::open(&folder).expect("accounts"), folder.reader().expect("a reader"));
    for (login, name) in ACCOUNTS {
        let person = find(&db, "person", name).expect("somebody of the demonstration");
        let password = Password::chosen(PASSWORD, &[]).expect("a password");
        accounts.make(login, &person, &password, false).expect("an account");
    }
    scratch
}

/// A running `yifa serve` on a folder of the test's own; stopped with it.
pub struct Served {
    /// Its folder.
    pub scratch: Scratch,
    /// `http://127.0.0.1:PORT`
    pub base: String,
    child: Child,
}

impl Served {
    /// A copy of the demonstration, its people with accounts.
    pub fn demo() -> Served {
        Served::people(Scratch::demo())
    }

    /// A copy of the demonstration somebody worked on, its people with accounts.
    pub fn people(scratch: Scratch) -> Served {
        Served::start(with_accounts(scratch))
    }

    /// A folder as it is.
    pub fn start(scratch: Scratch) -> Served {
        Served::start_with(scratch, &[], "warn", Stdio::inherit())
    }

    /// A folder as it is, with more said on the command line, and how much it logs, and where to.
    pub fn start_with(scratch: Scratch, more: &[&str], level: &str, log: Stdio) -> Served {
        let mut command = scratch.command(&[&["serve", "--listen", "127.0.0.1:0"], more].concat());
        command.env("YIFA_LOG", level).stderr(log);
        let (child, base) = serve(command);
        Served { scratch, base, child }
    }

    /// Asks it to stop, as a system does.
    pub fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
    }

    /// Waits until it ends by itself; gives its exit code, and its folder.
    pub fn ended(mut self) -> (Option<i32>, Scratch) {
        let code = self.child.wait().expect("its end").code();
        (code, std::mem::replace(&mut self.scratch, Scratch::new()))
    }

    /// The most memory it has held so far, in bytes, where the system tells.
    pub fn most_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
    }

    /// Somebody who has not signed in.
    pub fn visitor(&self) -> Client {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Client { base: self.base.clone(), agent, cookie: String::new(), token: String::new(), place: String::new() }
    }

    /// Somebody signed in.
    pub fn signed_in(&self, login: &str) -> Client {
        let mut client = self.visitor();
        let page = client.post("/sign-in", &[("login", login), ("password", PASSWORD)]);
        assert_eq!(page.status, 303, "{login} signs in: {}", page.text);
        client.learn_token();
        client
    }

    /// Kills it as a power cut would, and starts it again on the same folder.
    pub fn killed_and_started_again(mut self) -> Served {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
        let scratch = std::mem::replace(&mut self.scratch, Scratch::new());
        Served::start(scratch)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(mut command: Command) -> (Child, String) {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let line = lines.next().expect("a line").expect("a line of text");
    let base = line.split_whitespace().find(|word| word.starts_with("http")).expect(&line);
    let base = base.trim_end_matches('/').to_owned();
    // Whatever else it says must not fill the pipe.
    std::thread::spawn(move || lines.for_each(drop));
    (child, base)
}

/// What came back.
pub struct Page {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: ureq::http::HeaderMap,
    /// The body, as text.
    pub text: String,
}

impl Page {
    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of the first attribute written `name="…"` behind a place in the page.
    pub fn after(&self, place: &str, attribute: &str) -> Option<String> {
        let rest = &self.text[self.text.find(place)?..];
        let start = rest.find(&format!("{attribute}=\""))? + attribute.len() + 2;
        let value = &rest[start..];
        Some(value[..value.find('"')?].replace("&amp;", "&"))
    }
}

/// Somebody at a browser: keeps a cookie and the token of his session's forms.
pub struct Client {
    base: String,
    agent: Agent,
    /// `name=value`
    pub cookie: String,
    /// The token every form of the session carries.
    pub token: String,
    /// At which township of a county's server the browser is; `name=value`.
    place: String,
}

impl Client {
    /// Asks for a page; redirects are not followed.
    pub fn get(&mut self, path: &str) -> Page {
        let url = format!("{}{path}", self.base);
        let sent = self.agent.get(url).header("cookie", self.cookies()).call();
        self.take(sent)
    }

    /// Asks for a page as a machine does that has a token.
    pub fn bearing(&mut self, path: &str, token: &str) -> Page {
        let asked = self.agent.get(format!("{}{path}", self.base));
        let sent = asked.header("authorization", format!("Bearer {token}")).call();
        self.take(sent)
    }

    /// The same for what is no text; none where there is nothing.
    pub fn bytes_bearing(&mut self, path: &str, token: &str) -> Option<Vec<u8>> {
        let asked = self.agent.get(format!("{}{path}", self.base));
        let mut sent = asked.header("authorization", format!("Bearer {token}")).call().expect("an answer");
        let body = sent.body_mut().with_config().limit(256 << 20).read_to_vec().expect("a body");
        (sent.status() == 200).then_some(body)
    }

    /// Goes to a township of a county's server, or with `-` to the county.
    pub fn at(&mut self, name: &str) {
        let page = self.get(&format!("/at/{name}/"));
        assert_eq!(page.status, 303, "{name}: {}", page.text);
    }

    fn cookies(&self) -> String {
        [self.cookie.as_str(), self.place.as_str()].join("; ")
    }

    /// Asks for the head of a page alone.
    pub fn head(&mut self, path: &str) -> Page {
        let sent = self.agent.head(format!("{}{path}", self.base)).header("cookie", self.cookies()).call();
        self.take(sent)
    }

    /// Asks for what is no text.
    pub fn bytes(&mut self, path: &str) -> Vec<u8> {
        let url = format!("{}{path}", self.base);
        let mut sent = self.agent.get(url).header("cookie", self.cookies()).call().expect("an answer");
        sent.body_mut().with_config().limit(256 << 20).read_to_vec().expect("a body")
    }

    /// Sends a form, with the session's token.
    pub fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Page {
        let token = self.token.clone();
        let mut all = form.to_vec();
        if !token.is_empty() {
            all.push(("form", &token));
        }
        self.post_plain(path, &all, &[])
    }

    /// Sends a form as it is, with headers of one's own.
    pub fn post_plain(&mut self, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let mut request = self.agent.post(format!("{}{path}", self.base)).header("cookie", self.cookies());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sent = request.send_form(form.iter().copied());
        self.take(sent)
    }

    /// Sends a body as it is, such as a form with files.
    pub fn post_bytes(&mut self, path: &str, kind: &str, body: &[u8]) -> Page {
        let url = format!("{}{path}", self.base);
        let sent = self.agent.post(url).header("cookie", self.cookies()).header("content-type", kind).send(body);
        self.take(sent)
    }

    /// Sends a form as it stands for a file: the status, what the file is called, and its bytes.
    pub fn post_for_file(&mut self, path: &str, kind: &str, body: &[u8]) -> (u16, String, Vec<u8>) {
        let url = format!("{}{path}", self.base);
        let sent = self.agent.post(url).header("cookie", self.cookies()).header("content-type", kind).send(body);
        let mut answer = sent.expect("an answer");
        let name = answer.headers().get("content-disposition").and_then(|name| name.to_str().ok());
        let name = name.unwrap_or_default().to_owned();
        (answer.status().as_u16(), name, answer.body_mut().read_to_vec().expect("a body"))
    }

    /// Sends a form, with the session's token, for a file.
    pub fn download(&mut self, path: &str, form: &[(&str, &str)]) -> Vec<u8> {
        let token = self.token.clone();
        let form = form.iter().copied().chain([("form", token.as_str())]);
        let sent = self.agent.post(format!("{}{path}", self.base)).header("cookie", self.cookies()).send_form(form);
        sent.expect("an answer").body_mut().read_to_vec().expect("a body")
    }

    /// Looks at a page for the token of the session's forms.
    pub fn learn_token(&mut self) {
        let page = self.get("/password");
        self.token = page.after("name=\"form\"", "value").unwrap_or_default();
    }

    fn take(&mut self, sent: Result<Response<ureq::Body>, ureq::Error>) -> Page {
        let mut response = sent.expect("an answer");
        if let Some(cookie) = response.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok()) {
            let pair = cookie.split(';').next().unwrap_or_default().to_owned();
            let kept = if pair.starts_with("yifa-place=") { &mut self.place } else { &mut self.cookie };
            *kept = pair;
        }
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.body_mut().with_config().limit(256 << 20).read_to_vec().expect("a body");
        Page { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}
