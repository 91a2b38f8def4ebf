//! Keys made and revoked at a shell, and whether a served office says that it is well.

use super::office_command::{Served, run};
use reqwest::blocking::Client;
use std::path::Path;

/// The status and the text of an answer.
fn get(data: &Path, served: &Served, key: &str, path: &str) -> (u16, String) {
    // Another test may have been faster; one provider is as good as the other.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let heard = served.said.last().unwrap();
    let address = heard.rsplit(' ').next().unwrap().parse().unwrap();
    let pem = std::fs::read(data.join("office-cert.pem")).unwrap();
    let client = Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(&pem).unwrap()])
        .resolve("localhost", address)
        .no_proxy()
        .build()
        .unwrap();
    let url = format!("https://localhost:{}{path}", address.port());
    let answer = client.get(url).bearer_auth(key).send().unwrap();
    (answer.status().as_u16(), answer.text().unwrap())
}

#[test]
fn a_key_made_at_the_shell_opens_until_it_is_revoked_there() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let demo = dir.path().join("demo");
    let demo = demo.to_str().unwrap();
    assert_eq!(run(&data, &["key", "list"]).0, 3, "there is no office yet");
    assert_eq!(run(&data, &["demo", "--to", demo]).0, 0);
    assert_eq!(run(&data, &["import", demo]).0, 0);
    let make = |name: &str, rest: &[&str]| run(&data, &[&["key", "make", name], rest].concat());
    let (code, key) = make(
        "shop",
        &["--scope", "items:read", "--scope", "metrics:read"],
    );
    let key = key.trim();
    assert!(code == 0 && key.starts_with("stockhand_"), "{key}");
    for (name, rest, why) in [
        ("shop", ["--scope", "items:read"].as_slice(), "another name"),
        ("a b", &["--scope", "items:read"], "1 to 40 letters"),
        ("x", &["--scope", "items:write"], "orders:write"),
        ("x", &["--scope", "*:read", "--warehouse", "W9"], "W9"),
    ] {
        let (code, said) = make(name, rest);
        assert!(code == 3 && said.contains(why), "{name}: {said}");
    }
    assert_eq!(make("x", &[]).0, 2, "a key for nothing is a mistake");
    let (_, listed) = run(&data, &["key", "list"]);
    assert!(listed.contains("shop  good  items:read metrics:read  in all warehouses"));
    assert!(!listed.contains(key), "a key is shown once");
    let served = Served::start(&data);
    assert_eq!(
        get(&data, &served, "", "/healthz"),
        (200, "ok\n".to_owned())
    );
    assert_eq!(
        get(&data, &served, "", "/readyz"),
        (200, "ready\n".to_owned())
    );
    assert_eq!(get(&data, &served, key, "/api/v1/items").0, 200);
    let (status, metrics) = get(&data, &served, key, "/metrics");
    assert!(status == 200 && metrics.contains("stockhand_database_size_bytes "));
    assert_eq!(run(&data, &["key", "revoke", "shop"]).0, 0);
    assert_eq!(run(&data, &["key", "revoke", "shop"]).0, 3, "it is done");
    assert_eq!(get(&data, &served, key, "/api/v1/items").0, 401);
    assert!(run(&data, &["key", "list"]).1.contains("shop  revoked"));
    assert_eq!(served.stop(), 0);
}
