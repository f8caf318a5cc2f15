//! Signed notes, keys and checkpoints, against another hand.

use crate::world::{ORIGIN, key, keys, signed};
use journal::checkpoint::Checkpoint;
use journal::hash::Hash;
use journal::key::{KeyError, SignerKey, Use, VerifierKey};
use journal::note::{Note, NoteError, NoteSignature};
use proptest::prelude::*;
use signed_note::{StandardSigner, StandardVerifier, VerifierList};

fn county(kind: Use) -> SignerKey {
    SignerKey::from_seed("county.example/360724", kind, &[8; 32]).unwrap()
}

/// A note of another hand and one of ours are the same bytes, and each believes the other.
#[test]
fn notes_and_keys_agree_with_another_hand() {
    for text in ["a\n", "one\n\ntwo\n\n\nthree\n", "依法行政\n", &format!("{ORIGIN}\n7\nAAAA\n")] {
        let mut ours = Note::new(text).unwrap();
        ours.sign(&key()).unwrap();
        let signer = StandardSigner::new(&key().to_secret()).unwrap();
        let mut theirs = signed_note::Note::new(text.as_bytes(), &[]).unwrap();
        theirs.add_sigs(&[&signer]).unwrap();
        assert_eq!(ours.to_string().as_bytes(), theirs.to_bytes());
        let verifier = StandardVerifier::new(&key().verifier().to_string()).unwrap();
        let read = signed_note::Note::from_bytes(ours.to_string().as_bytes()).unwrap();
        read.verify(&VerifierList::new(vec![Box::new(verifier)])).unwrap();
        let read = Note::parse(&theirs.to_bytes()).unwrap();
        assert_eq!(read, ours);
        assert_eq!(read.verify(&keys()).unwrap()[0].name, ORIGIN);
    }
}

#[test]
fn checkpoints_agree_with_another_hand() {
    for size in [0, 1, 70_000, u64::MAX] {
        let origin = ORIGIN.to_owned();
        let ours = Checkpoint { origin, size, root: Hash([3; 32]) };
        let theirs = tlog_tiles::Checkpoint::new(ORIGIN, size, tlog_tiles::Hash([3; 32]), "").unwrap();
        assert_eq!(ours.to_string().as_bytes(), theirs.to_bytes());
        assert_eq!(Checkpoint::from_text(&ours.to_string()), Ok(ours));
    }
}

/// The example of the signed-note specification.
#[test]
fn the_note_of_the_specification_reads_back() {
    let text = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    let note = Note::parse(text.as_bytes()).unwrap();
    assert!(note.text().ends_with("sera.\n"));
    assert_eq!(note.signatures()[0].id, 0x367b_a04b);
    assert_eq!(note.to_string(), text);
}

#[test]
fn unknown_signatures_are_ignored_and_known_ones_must_fit() {
    let origin = ORIGIN.to_owned();
    let mut note = Checkpoint { origin, size: 7, root: Hash([3; 32]) }.to_note().unwrap();
    let sm2 = NoteSignature { name: ORIGIN.to_owned(), id: 0xffee_ddcc, bytes: vec![0xff; 70] };
    note.add(sm2).unwrap();
    let same_id = NoteSignature { name: "neighbour.example".to_owned(), id: key().verifier().id(), bytes: vec![1; 64] };
    note.add(same_id).unwrap();
    assert!(matches!(note.verify(&keys()), Err(NoteError::Unknown(names)) if names.len() == 2));
    note.sign(&key()).unwrap();
    note.cosign(&county(Use::Cosignature), 1_760_000_000).unwrap();
    let text = note.to_string();
    let read = Note::parse(text.as_bytes()).unwrap();
    assert_eq!(read, note);
    assert_eq!(read.verify(&keys()).unwrap().len(), 1);
    let both = [key().verifier().clone(), county(Use::Cosignature).verifier().clone()];
    let by = read.verify(&both).unwrap();
    assert_eq!(by[1].time, Some(1_760_000_000));
    // The observer alone does not make it the journal's.
    let fault = Checkpoint::open(text.as_bytes(), ORIGIN, &both[1..]).unwrap_err();
    assert!(fault.to_string().contains("not signed by the key of the journal"));
    let fault = Checkpoint::open(text.as_bytes(), "other.example", &both).unwrap_err();
    assert!(fault.to_string().contains("not of \"other.example\""));
    // A known key whose signature does not fit sinks the whole note.
    let forged = text.replacen("\n7\n", "\n8\n", 1);
    let fault = Note::parse(forged.as_bytes()).unwrap().verify(&keys()).unwrap_err();
    assert!(matches!(fault, NoteError::Forged { .. }));
    assert!(note.sign(&county(Use::Cosignature)).is_err());
    assert!(note.cosign(&key(), 1).is_err());
}

#[test]
fn a_cosignature_covers_its_time() {
    let mut note = Note::new("a\n").unwrap();
    let county = county(Use::Cosignature);
    note.cosign(&county, 1_760_000_000).unwrap();
    let mut line = note.signatures()[0].clone();
    line.bytes[7] ^= 1;
    let mut forged = Note::new("a\n").unwrap();
    forged.add(line).unwrap();
    assert!(forged.verify(&[county.verifier().clone()]).is_err());
}

#[test]
fn malformed_notes_are_refused() {
    let good = signed(7, Hash([3; 32]));
    let line = good.lines().last().unwrap();
    let refused = |text: String| assert!(Note::parse(text.as_bytes()).is_err(), "{text}");
    refused(String::new());
    refused("\n".to_owned());
    refused("a\n".to_owned());
    refused("a\n\n".to_owned());
    refused(format!("\n\n{line}\n"));
    refused(good.trim_end().to_owned());
    refused(format!("{good}x\n"));
    refused(good.replace("\n\n", "\n"));
    refused(good.replace('—', "-"));
    refused(good.replace("— ", "—"));
    refused(good.replace('\n', "\r\n"));
    refused(good.replacen(ORIGIN, "a\tb", 1));
    refused(format!("a\n\n— a+b {}\n", &line[line.len() - 92..]));
    refused("a\n\n— a AAAA\n".to_owned());
    refused("a\n\n— a AAAAAA==\n".to_owned());
    assert!(Note::parse(b"a\xff\n\n").is_err());
}

#[test]
fn malformed_checkpoints_are_refused() {
    let root = Hash([3; 32]).to_base64();
    let refused = |text: String, expect: &str| {
        let fault = Checkpoint::from_text(&text).unwrap_err().to_string();
        assert!(fault.contains(expect), "{fault}");
    };
    refused(format!("a\n7\n{root}\nextension\n"), "4 lines");
    refused("a\n7\n".to_owned(), "2 lines");
    refused(format!("\n7\n{root}\n"), "origin");
    refused(format!("a b\n7\n{root}\n"), "origin");
    for size in ["", "07", "+7", "-7", "7 ", "18446744073709551616"] {
        refused(format!("a\n{size}\n{root}\n"), "size");
    }
    refused(format!("a\n7\n{}\n", &root[4..]), "root");
    refused(format!("a\n7\n{root}AAAA\n"), "root");
}

#[test]
fn keys_read_back_and_changed_ones_are_refused() {
    for key in [key(), county(Use::Cosignature)] {
        let (public, secret) = (key.verifier().to_string(), key.to_secret());
        assert_eq!(VerifierKey::parse(&public).unwrap(), *key.verifier());
        assert_eq!(SignerKey::parse(&secret).unwrap().verifier(), key.verifier());
        assert!(!format!("{key:?}").contains(secret.rsplit('+').next().unwrap()));
    }
    let public = key().verifier().to_string();
    let fault = |text: &str| VerifierKey::parse(text).unwrap_err();
    assert!(matches!(fault(&public.replacen("yifa", "yiva", 1)), KeyError::Hash { .. }));
    assert_eq!(fault("a"), KeyError::Form);
    assert_eq!(fault("a+00000000+AQ=="), KeyError::Key);
    assert_eq!(fault("a+00000000+_"), KeyError::Form);
    assert_eq!(fault("a+0000000G+AQ=="), KeyError::Form);
    assert_eq!(fault("a+00000000+/w=="), KeyError::Type(0xff));
    let name = |name| SignerKey::from_seed(name, Use::Note, &[1; 32]).unwrap_err();
    for bad in ["", "a b", "a+b", "a\n", "a\u{3000}b"] {
        assert_eq!(name(bad), KeyError::Name, "{bad:?}");
    }
    // The neutral point: a weak key that signs everything.
    let mut weak = vec![1, 1];
    weak.resize(33, 0);
    let weak = format!("a+00000000+{}", {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        STANDARD.encode(weak)
    });
    assert_eq!(fault(&weak), KeyError::Key);
}

proptest! {
    #[test]
    fn any_note_reads_back_and_any_changed_bit_is_noticed(
        text in "[^\\x00-\\x1f]{1,40}(\n[^\\x00-\\x1f]{0,40}){0,4}", at: prop::sample::Index, bit in 0..8u32,
    ) {
        let mut note = Note::new(&format!("{text}\n")).unwrap();
        note.sign(&key()).unwrap();
        let mut bytes = note.to_string().into_bytes();
        prop_assert_eq!(&Note::parse(&bytes).unwrap(), &note);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let believed = Note::parse(&bytes).is_ok_and(|note| note.verify(&keys()).is_ok());
        prop_assert!(!believed);
    }
}
