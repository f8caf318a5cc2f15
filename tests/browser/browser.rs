//! A browser of a test's own, and what a person does with it: go, fill in, choose, press, see.

use std::future::Future;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::client::{PASSWORD, Served};

/// How long a page may take to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(20);
/// The button that signs out.
const LEAVE: &str = "//header//button[contains(., '退出')]";

/// A browser and the driver that holds it.
pub struct Browser {
    runtime: Runtime,
    client: Client,
    driver: Child,
    base: String,
    scripts: Scripts,
    _profile: tempfile::TempDir,
}

/// What a browser may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// Run our script.
    On,
    /// Nothing: pages and forms alone.
    Off,
}

impl Browser {
    /// Opens one on a served township.
    pub fn open(served: &Served, scripts: Scripts) -> Browser {
        let (driver, port) = driver();
        let profile = tempfile::TempDir::new().expect("a folder");
        let size = "--window-size=1366,768";
        let mut args =
            vec!["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", size];
        args.extend([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=zh-CN",
        ]);
        let folder = format!("--user-data-dir={}", profile.path().display());
        args.push(&folder);
        let allowed = if scripts == Scripts::On { 1 } else { 2 };
        let prefs = json!({ "profile.managed_default_content_settings.javascript": allowed });
        let mut wanted = Capabilities::new();
        wanted.insert("goog:chromeOptions".to_owned(), json!({ "args": args, "prefs": prefs }));
        // A browser is taken away under the hands of one test: it must not hang on what it would ask.
        wanted.insert("unhandledPromptBehavior".to_owned(), json!("accept"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let connecting = async {
            let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            builder.capabilities(wanted).connect(&format!("http://127.0.0.1:{port}")).await
        };
        let client = runtime.block_on(connecting).expect("chromium starts; is the package installed?");
        Browser { runtime, client, driver, base: served.base.clone(), scripts, _profile: profile }
    }

    fn wait<T>(&self, what: impl Future<Output = Result<T, fantoccini::error::CmdError>>) -> T {
        match self.runtime.block_on(what) {
            Ok(done) => done,
            Err(error) => panic!("{error}\non {}\n{}", self.address(), self.text()),
        }
    }

    fn try_wait<T>(&self, what: impl Future<Output = Result<T, fantoccini::error::CmdError>>) -> Option<T> {
        self.runtime.block_on(what).ok()
    }

    /// Again and again for a while: a page may just be changing.
    fn patiently<T, F: AsyncFnMut() -> Result<T, String>>(&self, mut what: F) -> Result<T, String> {
        let until = Instant::now() + PATIENCE;
        self.runtime.block_on(async {
            loop {
                match what().await {
                    Err(_) if Instant::now() < until => tokio::time::sleep(Duration::from_millis(50)).await,
                    done => return done,
                }
            }
        })
    }

    /// Signs in on the page for it.
    pub fn sign_in(&self, login: &str) {
        self.go("/sign-in");
        self.fill("登录名", login);
        self.fill("口令", PASSWORD);
        self.press("登录");
        // The word alone stands on the page one comes from too, which says when one is signed out.
        let waiting = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(LEAVE));
        if self.runtime.block_on(waiting).is_err() {
            panic!("“{login}” is not signed in at {}:\n{}", self.address(), self.text());
        }
    }

    /// Signs out, wherever one is.
    pub fn leave(&self) {
        self.wait(async { self.client.find(Locator::XPath(LEAVE)).await?.click().await });
        self.sees("登录名");
    }

    /// Opens an address.
    pub fn go(&self, path: &str) {
        self.wait(self.client.goto(&format!("{}{path}", self.base)));
    }

    /// The path and query it is at.
    pub fn address(&self) -> String {
        let url = self.try_wait(self.client.current_url()).map_or_else(String::new, |url| url.to_string());
        url.strip_prefix(&self.base).unwrap_or(&url).to_owned()
    }

    /// The text a person reads on the page.
    pub fn text(&self) -> String {
        let reading = async { self.client.find(Locator::Css("body")).await?.text().await };
        self.try_wait(reading).unwrap_or_default()
    }

    /// Waits until the page says something, and fails where it does not come.
    #[track_caller]
    pub fn sees(&self, words: &str) {
        let path = format!("//body[contains(normalize-space(.), '{words}')]");
        let waiting = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path));
        if self.runtime.block_on(waiting).is_err() {
            panic!("“{words}” is not on {}:\n{}", self.address(), self.text());
        }
    }

    /// Fails where the page says something.
    #[track_caller]
    pub fn sees_not(&self, words: &str) {
        let text = self.text();
        assert!(!text.contains(words), "“{words}” is on {}:\n{text}", self.address());
    }

    /// Fills in a row of a form as it is called: types, picks, ticks or hands over a file, whatever it asks for. Several
    /// values stand with `、` between them. What is not asked yet appears when the page is told what was chosen.
    #[track_caller]
    pub fn fill(&self, label: &str, words: &str) {
        let there = self.wait(self.client.find_all(Locator::XPath(&row(label))));
        if there.is_empty() && self.scripts == Scripts::Off {
            self.press("按所填更新");
        }
        let done = self.patiently(async || self.filling(label, words).await);
        if let Err(why) = done {
            panic!("“{label}” does not take “{words}” on {}: {why}\n{}", self.address(), self.text());
        }
    }

    async fn filling(&self, label: &str, words: &str) -> Result<(), String> {
        let row = self.client.find(Locator::XPath(&row(label))).await.map_err(said)?;
        self.scroll(&row).await?;
        let kind = async |css: &str| row.find_all(Locator::Css(css)).await.map(|found| found.into_iter().next());
        if let Some(file) = kind("input[type=file]").await.map_err(said)? {
            return file.send_keys(words).await.map_err(said);
        }
        if let Some(list) = kind("select").await.map_err(said)? {
            let path = format!(".//option[contains(normalize-space(.), '{words}')]");
            return list.find(Locator::XPath(&path)).await.map_err(said)?.click().await.map_err(said);
        }
        if kind("[role=radiogroup], [role=group]").await.map_err(said)?.is_some() {
            for word in words.split('、') {
                let path = format!(".//label[normalize-space(.)='{word}']");
                let label = row.find(Locator::XPath(&path)).await.map_err(said)?;
                let mark = label.find(Locator::Css("input")).await.map_err(said)?;
                if !mark.is_selected().await.map_err(said)? {
                    label.click().await.map_err(said)?;
                }
            }
            return Ok(());
        }
        let field = kind("input:not([type=hidden]), textarea").await.map_err(said)?.ok_or("nothing to fill in")?;
        let mut ways = vec![words.to_owned()];
        if field.attr("type").await.map_err(said)?.as_deref() == Some("date") {
            // Its places stand in the order of the browser's own language, whichever is installed.
            let pieces: Vec<&str> = words.split('-').collect();
            let [year, month, day] = pieces[..] else { return Err("no day".to_owned()) };
            ways = vec![format!("{year}/{month}/{day}"), format!("{month}/{day}/{year}")];
        }
        let mut typed = String::new();
        for way in ways {
            field.clear().await.map_err(said)?;
            field.send_keys(&way).await.map_err(said)?;
            typed = field.prop("value").await.map_err(said)?.unwrap_or_default();
            if typed == words {
                return Ok(());
            }
        }
        Err(format!("it says “{typed}”"))
    }

    /// Brings something to the middle of the screen, as one does before one works on it.
    async fn scroll(&self, to: &Element) -> Result<(), String> {
        let to = serde_json::to_value(to).map_err(|error| error.to_string())?;
        self.client.execute("arguments[0].scrollIntoView({ block: 'center' })", vec![to]).await.map_err(said)?;
        Ok(())
    }

    /// What stands in a row of a form.
    #[track_caller]
    pub fn filled(&self, label: &str) -> String {
        let reading = async || {
            let row = self.client.find(Locator::XPath(&row(label))).await.map_err(said)?;
            let field = row.find(Locator::Css("input:not([type=hidden]), select, textarea")).await.map_err(said)?;
            Ok(field.prop("value").await.map_err(said)?.unwrap_or_default())
        };
        match self.patiently(reading) {
            Ok(value) => value,
            Err(why) => panic!("no “{label}” on {}: {why}\n{}", self.address(), self.text()),
        }
    }

    /// Presses a button.
    #[track_caller]
    pub fn press(&self, words: &str) {
        self.click(&format!("//main//button[normalize-space(.)='{words}']"), words);
    }

    /// Follows a link.
    #[track_caller]
    pub fn follow(&self, words: &str) {
        let whole = format!("//a[normalize-space(.)='{words}']");
        let part = format!("//a[contains(normalize-space(.), '{words}')]");
        let found = self.wait(self.client.find_all(Locator::XPath(&whole)));
        self.click(if found.is_empty() { &part } else { &whole }, words);
    }

    /// Follows a link of a part of the page, by the part's heading.
    #[track_caller]
    pub fn follow_under(&self, heading: &str, words: &str) {
        let part = format!("//section[h2[normalize-space(.)='{heading}']]");
        self.click(&format!("{part}//a[normalize-space(.)='{words}']"), words);
    }

    #[track_caller]
    fn click(&self, path: &str, words: &str) {
        let clicking = async || {
            let found = self.client.find(Locator::XPath(path)).await.map_err(said)?;
            self.scroll(&found).await?;
            found.click().await.map_err(said)
        };
        if let Err(why) = self.patiently(clicking) {
            panic!("“{words}” cannot be pressed on {}: {why}\n{}", self.address(), self.text());
        }
    }

    /// Whether there is a link or a button of that name.
    pub fn offers(&self, words: &str) -> bool {
        let path =
            format!("//a[contains(normalize-space(.), '{words}')]|//button[contains(normalize-space(.), '{words}')]");
        self.wait(async {
            for one in self.client.find_all(Locator::XPath(&path)).await? {
                if one.is_displayed().await? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// The address of the first link that starts so.
    #[track_caller]
    pub fn first_link(&self, start: &str) -> String {
        let path = format!("//a[starts-with(@href, '{start}')]");
        let found = self.try_wait(async { self.client.find(Locator::XPath(&path)).await?.attr("href").await });
        found.flatten().unwrap_or_else(|| panic!("no link to {start}… on {}:\n{}", self.address(), self.text()))
    }

    /// Runs a script in the page, for a tool that looks at it.
    pub fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.wait(self.client.execute_async(script, arguments))
    }

    /// What the screen shows, as a picture.
    pub fn shot(&self) -> Vec<u8> {
        self.wait(self.client.screenshot())
    }

    /// Keeps a picture of the page.
    pub fn picture(&self, name: &str) {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../browser");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(format!("{name}.png")), self.shot()).expect("a picture");
    }

    /// Makes the window as wide and high as a screen.
    pub fn screen(&self, width: u32, height: u32) {
        self.wait(self.client.set_window_size(width, height));
    }

    /// Takes the browser away as a power cut would: nothing is asked, nothing is sent.
    pub fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // The driver's group is the browser too.
        let group = format!("-{}", self.driver.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.driver.wait();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.end();
    }
}

/// What a person takes for a row: a question of a form with its answer, or a label around its field.
fn row(label: &str) -> String {
    format!(
        "(//div[contains(concat(' ', @class, ' '), ' field ')][div/*[self::label or self::span][1][normalize-space(.)='{label}']]\
         | //label[normalize-space(.)='{label}'][not(ancestor::div[contains(concat(' ', @class, ' '), ' field ')])])[1]"
    )
}

/// An error in one line: what follows is the driver's own stack.
fn said(error: fantoccini::error::CmdError) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// A driver on a port of its own.
fn driver() -> (Child, u16) {
    let mut command = Command::new("chromedriver");
    command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().expect("chromedriver is installed (Debian: chromium-driver)");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let port = loop {
        let line = lines.next().expect("a line").expect("text");
        let on = line.strip_prefix("ChromeDriver was started successfully on port ");
        if let Some(port) = on.and_then(|port| port.trim_end_matches('.').parse().ok()) {
            break port;
        }
    };
    std::thread::spawn(move || lines.for_each(drop));
    (child, port)
}
