//! Payloads, their commitments and openings, against a dictionary and another hand.

use journal::canonical::canonical;
use journal::opening::{Opening, OpeningFault, Shown, verify_opening};
use journal::payload::{Digests, PayloadFault, Salt, commit, fields, verify_payload};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

const SALT: Salt = Salt([9; 32]);

fn dispute() -> Value {
    json!({
        "number": "2026-0007",
        "party": {"name": "张三", "phone": "13812345678", "notes": {}},
        "agreed": true,
        "money": 1_280_000,
        "villages": ["上坪", "下坪"],
    })
}

fn named(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

#[test]
fn a_payload_falls_into_fields_sorted_by_path() {
    let found: Vec<_> = fields(&json!({"b": {"y": [1, {"z": 2}], "x": {}}, "a/~": null, "a": 1.0}))
        .unwrap()
        .into_iter()
        .map(|field| format!("{} = {}", field.path, field.value))
        .collect();
    assert_eq!(found, ["/a = 1", "/a~1~0 = null", "/b/x = {}", "/b/y = [1,{\"z\":2}]"]);
    let empty = fields(&json!({})).unwrap();
    assert_eq!((empty[0].path.as_str(), empty[0].value.as_str()), ("", "{}"));
}

#[test]
fn numbers_that_are_not_whole_are_refused_by_path() {
    let refused = |payload: Value, expect: &str| {
        let fault = commit(&payload, &SALT).unwrap_err().to_string();
        assert!(fault.contains(expect), "{fault}");
    };
    refused(json!({"a": {"b": [0, {"c": 1.5}]}}), "\"/a/b/1/c\": 1.5");
    refused(json!({"a": 9_007_199_254_740_992i64}), "/a");
    refused(json!({"a": u64::MAX}), "/a");
    refused(json!({"a": 1e300}), "/a");
    refused(json!([1]), "object");
    let deep = (0..100).fold(json!(1), |value, _| json!({ "d": value }));
    refused(deep, "deeper than 64");
    assert!(commit(&json!({"a": -9_007_199_254_740_991i64}), &SALT).is_ok());
}

/// The commitment, written down once more as the module describes it.
#[test]
fn the_commitment_is_what_the_format_says() {
    let mac = |path: &str| {
        let pad = |with: u8| -> Vec<u8> { (0..64).map(|i| with ^ if i < 32 { 9 } else { 0 }).collect() };
        let inner = Sha256::new().chain_update(pad(0x36)).chain_update(path).finalize();
        Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize()
    };
    let field = |path: &str, value: &str| {
        Sha256::new()
            .chain_update("yifa-field/v1\n")
            .chain_update(mac(path))
            .chain_update((path.len() as u32).to_be_bytes())
            .chain_update(path)
            .chain_update((value.len() as u32).to_be_bytes())
            .chain_update(value)
            .finalize()
    };
    let expected = Sha256::new()
        .chain_update("yifa-payload/v1\n")
        .chain_update(2u32.to_be_bytes())
        .chain_update(field("/a", "\"x\""))
        .chain_update(field("/b/c", "7"))
        .finalize();
    let found = commit(&json!({"b": {"c": 7}, "a": "x"}), &SALT).unwrap();
    assert_eq!(found.0, *expected);
}

#[test]
fn an_opening_keeps_the_commitment_whatever_is_closed() {
    let payload = dispute();
    let commitment = commit(&payload, &SALT).unwrap();
    let mut opening = Opening::full(&payload, &SALT).unwrap();
    assert_eq!(opening.payload().unwrap(), json!(payload));
    assert_eq!(opening.commitment(), commitment);
    opening.erase(&["/party/name", "/party/phone"]).unwrap();
    assert_eq!(opening.commitment(), commitment);
    assert_eq!(opening.value("/party/phone"), None);
    assert_eq!(opening.payload().unwrap()["party"], json!({"notes": {}}));
    let text = String::from_utf8(opening.to_bytes()).unwrap();
    for gone in ["张三", "1381", "phone", "name"] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
    let again = Opening::from_bytes(text.as_bytes()).unwrap();
    assert_eq!(again, opening);
    assert_eq!(verify_opening(&commitment, &again, None), Ok(()));
}

#[test]
fn a_wrong_path_neither_opens_nor_erases() {
    let payload = dispute();
    for wrong in ["/party", "/nobody", "", "number"] {
        assert!(Opening::only(&payload, &SALT, &[wrong]).is_err(), "{wrong}");
        let mut opening = Opening::full(&payload, &SALT).unwrap();
        let before = opening.clone();
        assert!(opening.erase(&["/number", wrong]).is_err());
        assert_eq!(opening, before);
    }
}

/// Tries every likely value of the closed fields, each with these macs; returns what was guessed.
fn guess(opening: &Opening, macs: impl Fn(&str) -> Vec<[u8; 32]>) -> Vec<String> {
    let closed = |digest: [u8; 32]| {
        let same = |field: &Shown| matches!(field, Shown::Closed(hash) if hash.0 == digest);
        opening.fields().iter().any(same)
    };
    let phone = |n| ("/party/phone", format!("\"1381234{n:04}\""));
    let answers = ["true", "false"].map(|value| ("/agreed", value.to_owned()));
    let likely = (0..10_000).map(phone).chain(answers).chain((0..200).map(|n| ("/money", (n * 10_000).to_string())));
    let digest = |mac: [u8; 32], path: &str, value: &str| {
        let hasher = Sha256::new_with_prefix("yifa-field/v1\n");
        let hasher = hasher.chain_update(mac).chain_update((path.len() as u32).to_be_bytes());
        let hasher = hasher.chain_update(path).chain_update((value.len() as u32).to_be_bytes());
        <[u8; 32]>::from(hasher.chain_update(value).finalize())
    };
    let mut guessed = Vec::new();
    for (path, value) in likely {
        if macs(path).into_iter().any(|mac| closed(digest(mac, path, &value))) {
            guessed.push(format!("{path} {value}"));
        }
    }
    guessed
}

#[test]
fn closed_values_cannot_be_guessed_from_an_opened_one() {
    let payload = dispute();
    let opening = Opening::only(&payload, &SALT, &["/number"]).unwrap();
    let full = Opening::full(&payload, &SALT).unwrap();
    let mac_at = |wanted: &str| {
        full.fields().iter().find_map(|field| match field {
            Shown::Open { path, mac, .. } if path == wanted => Some(mac.0),
            _ => None,
        })
    };
    // Without the salt there are only the mac that was shown, the commitment, and guesses.
    let shown = mac_at("/number").unwrap();
    let known = |path: &str| {
        let hashed = Sha256::digest(path).into();
        vec![shown, opening.commitment().0, hashed, [0; 32]]
    };
    assert_eq!(guess(&opening, known), [""; 0]);
    // With the macs the same guesses succeed: they are what keeps the values closed.
    let guessed = guess(&opening, |path| vec![mac_at(path).unwrap()]);
    let expect = ["/party/phone \"13812345678\"", "/agreed true", "/money 1280000"];
    assert_eq!(guessed, expect);
}

#[test]
fn a_changed_field_is_named() {
    let payload = dispute();
    let digests = Digests::of(&payload, &SALT).unwrap();
    let digests = Digests::from_bytes(&digests.to_bytes()).unwrap();
    let commitment = digests.commitment();
    let check = |change: fn(&mut Value), changed: &[&str], missing: usize| {
        let mut payload = dispute();
        change(&mut payload);
        let found = verify_payload(&commitment, &payload, &SALT, Some(&digests));
        let changed = named(changed);
        assert_eq!(found, Err(PayloadFault::Fields { changed, missing }));
        let found = verify_payload(&commitment, &payload, &SALT, None);
        assert_eq!(found, Err(PayloadFault::Commitment));
    };
    check(|p| p["money"] = json!(1), &["/money"], 0);
    check(|p| p["villages"][1] = json!("中坪"), &["/villages"], 0);
    check(|p| p["added"] = json!(1), &["/added"], 0);
    check(|p| drop(p.as_object_mut().unwrap().remove("money")), &[], 1);
    check(
        |p| {
            p["money"] = json!(2);
            p["party"]["name"] = json!("李四");
        },
        &["/money", "/party/name"],
        0,
    );
    assert_eq!(verify_payload(&commitment, &payload, &SALT, Some(&digests)), Ok(()));
    let other = Digests::of(&payload, &Salt([1; 32])).unwrap();
    let found = verify_payload(&commitment, &payload, &SALT, Some(&other));
    assert_eq!(found, Err(PayloadFault::Digests));
}

#[test]
fn a_changed_opening_is_named() {
    let payload = dispute();
    let digests = Digests::of(&payload, &SALT).unwrap();
    let opening = Opening::only(&payload, &SALT, &["/money"]).unwrap();
    let mut json = opening.to_json();
    json["fields"][1]["value"] = json!(1);
    json["fields"][4]["closed"] = json!("00".repeat(32));
    let forged = Opening::from_json(&json).unwrap();
    let found = verify_opening(&digests.commitment(), &forged, Some(&digests));
    assert_eq!(found, Err(OpeningFault::Fields(named(&["/money", "#4"]))));
    json["fields"].as_array_mut().unwrap().pop();
    let forged = Opening::from_json(&json).unwrap();
    let found = verify_opening(&digests.commitment(), &forged, Some(&digests));
    assert_eq!(found, Err(OpeningFault::Count { found: 6, committed: 7 }));
}

#[test]
fn json_that_is_no_opening_is_refused() {
    let good = Opening::only(&dispute(), &SALT, &["/money", "/number"]).unwrap();
    let check = |change: fn(&mut Value)| {
        let mut json = good.to_json();
        change(&mut json);
        assert!(Opening::from_json(&json).is_err(), "{json}");
    };
    check(|json| json["format"] = json!("yifa-opening/v2"));
    check(|json| json["salt"] = json!("09"));
    check(|json| json["fields"] = json!({}));
    check(|json| json["fields"][0] = json!({"closed": "AB"}));
    check(|json| json["fields"][0] = json!({"path": "/a", "value": 1}));
    check(|json| json["fields"][1]["value"] = json!(1.5));
    check(|json| json["fields"][2]["path"] = json!("/money"));
    check(|json| json["fields"].as_array_mut().unwrap().swap(1, 2));
    // One member twice: programs differ in which one they believe.
    let text = String::from_utf8(good.to_bytes()).unwrap();
    let twice = text.replacen("\"value\":", "\"value\":7,\"value\":", 1);
    assert_ne!(text, twice);
    assert!(Opening::from_bytes(twice.as_bytes()).is_err());
}

fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991i64..=9_007_199_254_740_991).prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number))),
        any::<String>().prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 24, 5, |inner| {
        let members = prop::collection::hash_map(any::<String>(), inner.clone(), 0..5);
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    let members = prop::collection::hash_map(any::<String>(), value(), 0..6);
    members.prop_map(|members| Value::Object(Map::from_iter(members)))
}

proptest! {
    #[test]
    fn canonical_json_agrees_with_another_hand(value in value()) {
        prop_assert_eq!(canonical(&value).unwrap(), serde_jcs::to_string(&value).unwrap());
    }

    #[test]
    fn any_payload_opens_closes_and_reads_back(payload in object(), choice: u64) {
        let commitment = commit(&payload, &SALT).unwrap();
        let fields = fields(&payload).unwrap();
        let chosen: Vec<&str> = (0..).zip(&fields)
            .filter(|(nth, _)| choice >> (nth % 64) & 1 == 1)
            .map(|(_, field)| field.path.as_str())
            .collect();
        let opening = Opening::only(&payload, &SALT, &chosen).unwrap();
        prop_assert_eq!(opening.commitment(), commitment);
        prop_assert_eq!(Opening::from_bytes(&opening.to_bytes()).unwrap(), opening);
        let full = Opening::full(&payload, &SALT).unwrap().payload().unwrap();
        prop_assert_eq!(canonical(&full).unwrap(), canonical(&payload).unwrap());
    }
}
