//! A browser of a test's own, and what a person does with it: go, fill in, choose, press, see.

use std::future::Future;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::client::{PASSWORD, Served};

/// How long a page may take to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser and the driver that holds it.
pub struct Browser {
    runtime: Runtime,
    client: Client,
    driver: Child,
    base: String,
    _profile: tempfile::TempDir,
}

/// What a browser may do.
#[derive(Clone, Copy, PartialEq, Eq)]
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
        Browser { runtime, client, driver, base: served.base.clone(), _profile: profile }
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

    /// Signs in on the page for it.
    pub fn sign_in(&self, login: &str) {
        self.go("/sign-in");
        self.fill("登录名", login);
        self.fill("口令", PASSWORD);
        self.press("登录");
        self.sees("退出");
    }

    /// Signs out, wherever one is.
    pub fn leave(&self) {
        let path = "//header//button[contains(., '退出')]";
        self.wait(async { self.client.find(Locator::XPath(path)).await?.click().await });
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

    /// Types into the field of a label, over what is there.
    pub fn fill(&self, label: &str, words: &str) {
        let path = labelled(label);
        self.wait(async {
            let field = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await?;
            if field.attr("type").await?.as_deref() != Some("file") {
                field.clear().await?;
            }
            field.send_keys(words).await
        });
    }

    /// What stands in the field of a label.
    pub fn filled(&self, label: &str) -> String {
        let path = labelled(label);
        self.wait(async {
            let field = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await?;
            Ok(field.prop("value").await?.unwrap_or_default())
        })
    }

    /// Chooses an option of a list, a circle or a box by what it is called.
    pub fn choose(&self, label: &str, option: &str) {
        let path = labelled(label);
        let listed = async {
            let field = self.client.find(Locator::XPath(&path)).await?;
            if field.tag_name().await? != "select" {
                return Ok(false);
            }
            let option = format!(".//option[contains(normalize-space(.), '{option}')]");
            field.find(Locator::XPath(&option)).await?.click().await?;
            Ok(true)
        };
        if self.try_wait(listed) == Some(true) {
            return;
        }
        let path = format!(
            "(//fieldset[legend[contains(normalize-space(.), '{label}')]]|//*[@role='group' or @role='radiogroup'][contains(normalize-space(.), '{label}')])\
             //label[contains(normalize-space(.), '{option}')]"
        );
        self.wait(async {
            self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await?.click().await
        });
    }

    /// Presses a button.
    pub fn press(&self, words: &str) {
        let path = format!("//main//button[contains(normalize-space(.), '{words}')]");
        self.wait(async {
            self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await?.click().await
        });
    }

    /// Follows a link.
    pub fn follow(&self, words: &str) {
        let path = format!("//a[contains(normalize-space(.), '{words}')]");
        self.wait(async {
            self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await?.click().await
        });
    }

    /// Whether there is a link or a button of that name.
    pub fn offers(&self, words: &str) -> bool {
        let path =
            format!("//a[contains(normalize-space(.), '{words}')]|//button[contains(normalize-space(.), '{words}')]");
        self.wait(self.client.find_all(Locator::XPath(&path))).iter().len() > 0
    }

    /// Runs a script in the page, for a tool that looks at it.
    pub fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.wait(self.client.execute_async(script, arguments))
    }

    /// Keeps a picture of the page.
    pub fn picture(&self, name: &str) {
        let png = self.wait(self.client.screenshot());
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../browser");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(format!("{name}.png")), png).expect("a picture");
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

/// The field of a label: inside it, or named by it.
fn labelled(label: &str) -> String {
    let fields = "*[self::input or self::select or self::textarea]";
    let label = format!("//label[contains(normalize-space(.), '{label}')]");
    format!("({label}//{fields} | //{fields}[@id = {label}/@for])[1]")
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
