//! A browser and its driver, as far as these tests need them.

use reqwest::blocking::Client;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The key by which `WebDriver` names an element (§12.2).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser of our own, until dropped.
pub struct Browser {
    driver: Child,
    client: Client,
    session: String,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends its browser when its session ends; then it is ended itself.
        let _ = self.client.delete(&self.session).send();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let all = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    all.into_iter().find(|file| file.is_file())
}

impl Browser {
    /// None where there is no browser or no driver for it.
    pub fn start() -> Option<Self> {
        let chromium = program(&["chromium", "chromium-browser", "google-chrome"])?;
        let mut driver = Command::new(program(&["chromedriver"])?)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(driver.stdout.take().unwrap());
        let port = said.lines().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(120))
            .build()
            .unwrap();
        let root = format!(
            "http://127.0.0.1:{}",
            port.expect("the driver says its port")
        );
        let wish = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "acceptInsecureCerts": true,
            "goog:chromeOptions": {
                "binary": chromium,
                // As root in a container there is no sandbox to be had.
                "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--lang=en",
                    "--no-proxy-server", "--force-device-scale-factor=1"],
            },
        } } });
        let answer = client
            .post(format!("{root}/session"))
            .body(wish.to_string())
            .send()
            .unwrap();
        let answer: Value = serde_json::from_str(&answer.text().unwrap()).unwrap();
        let id = answer["value"]["sessionId"].as_str();
        let id = id.unwrap_or_else(|| panic!("no session: {answer}"));
        let browser = Self {
            driver,
            client,
            session: format!("{root}/session/{id}"),
        };
        // A busy machine takes its time.
        browser.call("timeouts", &json!({ "script": 100_000 }));
        Some(browser)
    }

    fn try_call(&self, path: &str, body: &Value) -> Result<Value, Value> {
        let post = self.client.post(format!("{}/{path}", self.session));
        let answer = post.body(body.to_string()).send().unwrap();
        let good = answer.status().is_success();
        let mut answer: Value = serde_json::from_str(&answer.text().unwrap()).unwrap();
        if good {
            Ok(answer["value"].take())
        } else {
            Err(answer["value"].take())
        }
    }

    fn call(&self, path: &str, body: &Value) -> Value {
        self.try_call(path, body)
            .unwrap_or_else(|why| panic!("{path} {body}: {} {}", why["error"], why["message"]))
    }

    pub fn open(&self, url: &str) {
        self.call("url", &json!({ "url": url }));
    }

    /// Runs a script in the page, which says what it returns.
    pub fn run(&self, script: &str) -> Value {
        self.call("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Runs a script that calls its last argument when it is done.
    pub fn wait_for(&self, script: &str) -> Value {
        self.call("execute/async", &json!({ "script": script, "args": [] }))
    }

    fn devtools(&self, command: &str, params: &Value) -> Value {
        self.call(
            "goog/cdp/execute",
            &json!({ "cmd": command, "params": params }),
        )
    }

    /// As wide and high, light or dark.
    pub fn looks(&self, (width, height): (u32, u32), scheme: &str) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &media);
    }

    fn find(&self, css: &str) -> String {
        let wish = json!({ "using": "css selector", "value": css });
        let begun = Instant::now();
        loop {
            match self.try_call("element", &wish) {
                Ok(found) => return found[ELEMENT].as_str().unwrap().to_owned(),
                // A page may be on its way.
                Err(_) if begun.elapsed() < PATIENCE => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                Err(why) => panic!("{css}: {} on {}", why["error"], self.text()),
            }
        }
    }

    pub fn click(&self, css: &str) {
        let id = self.find(css);
        self.call(&format!("element/{id}/click"), &json!({}));
    }

    /// Types into a field that is empty, or names a file to one.
    pub fn type_in(&self, css: &str, text: &str) {
        let id = self.find(css);
        self.call(&format!("element/{id}/value"), &json!({ "text": text }));
    }

    /// All text that is to be seen.
    pub fn text(&self) -> String {
        let text = self.run("return document.body ? document.body.innerText : ''");
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page says something.
    pub fn sees(&self, text: &str) {
        let begun = Instant::now();
        while !self.text().contains(text) {
            assert!(begun.elapsed() < PATIENCE, "no {text:?} in {}", self.text());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Keeps a picture of the page, as far down as it goes.
    pub fn picture(&self, file: &Path) {
        let size =
            self.run("return [innerWidth, Math.min(document.documentElement.scrollHeight, 4000)]");
        let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1 });
        let wish = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let shot = self.devtools("Page.captureScreenshot", &wish);
        std::fs::write(file, bytes_of(shot["data"].as_str().unwrap())).unwrap();
    }
}

/// Reads base64 (RFC 4648 §4).
fn bytes_of(text: &str) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = LETTERS.iter().position(|known| *known == letter).unwrap();
        held = held << 6 | u32::try_from(value).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap());
        }
    }
    bytes
}
