//! Passwords: drawn, judged, kept as argon2id (口令).

use std::sync::{LazyLock, Mutex, PoisonError};

use anyhow::{Result, anyhow};
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::ambient::{Ambient, System};
use crate::refused::refuse;

/// One at a time: each takes 19 MiB, and a crowd at the door must not take what the pages need.
static TURN: Mutex<()> = Mutex::new(());

/// A password that may be used.
pub struct Password(String);

/// Fewest characters of one.
pub const SHORTEST: usize = 10;
/// Most characters of one: argon2 reads all of it.
const LONGEST: usize = 200;

/// m = 19 MiB, t = 2, p = 1: what OWASP asks for at least, and 30 ms on an old machine.
fn argon() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("parameters within bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

impl Password {
    /// A password somebody chose. `known` is what others know of him: his login and his name.
    ///
    /// # Errors
    /// Too short, too long, one of the first everybody tries, or made of what others know.
    pub fn chosen(text: &str, known: &[&str]) -> Result<Password> {
        let length = text.chars().count();
        let wrong = |text: &str, remedy: &str| Err(refuse(804, text.to_owned(), remedy.to_owned()));
        if length < SHORTEST {
            return wrong("口令太短", "请至少用 10 个字符，几个词连起来写就好记");
        }
        if length > LONGEST {
            return wrong("口令太长", "请不超过 200 个字符");
        }
        let mut seen: Vec<char> = text.chars().collect();
        seen.sort_unstable();
        seen.dedup();
        let lower = text.to_lowercase();
        let common =
            ["1234567890", "password", "qwertyuiop", "abcdefghij", "0987654321", "1q2w3e4r5t", "yifa", "admin"];
        let common = common.iter().any(|word| lower.replace(word, "").chars().count() <= length / 2);
        if seen.len() < 5 || common {
            return wrong("口令太容易猜", "请不要用连续的数字、键盘上相邻的字母或者重复的字符");
        }
        if known.iter().any(|word| !word.is_empty() && lower.replace(&word.to_lowercase(), "").chars().count() < 6) {
            return wrong("口令里除了登录名和姓名，剩下的太少", "请换一个别人想不到的");
        }
        Ok(Password(text.to_owned()))
    }

    /// A password drawn by chance, to be told to somebody once: four groups of four, without letters that look alike.
    pub fn drawn() -> Password {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let mut bytes = [0; 16];
        System.fill(&mut bytes);
        let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
        Password(letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-"))
    }

    /// It, to be shown once.
    pub fn shown(&self) -> &str {
        &self.0
    }

    /// As it is kept.
    pub(super) fn hash(&self) -> Result<String> {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = argon().hash_password(self.0.as_bytes()).map_err(|error| anyhow!("argon2: {error}"))?;
        Ok(hash.to_string())
    }
}

/// Whether what was typed is the password of this hash.
pub(super) fn verify(typed: &str, hash: &str) -> bool {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    typed.chars().count() <= LONGEST
        && PasswordVerifier::<str>::verify_password(&argon(), typed.as_bytes(), hash).is_ok()
}

/// Takes as long as a password that does not fit: whether a login exists is told to nobody.
pub(super) fn verify_nobody(typed: &str) {
    static NOBODY: LazyLock<String> = LazyLock::new(|| Password::drawn().hash().unwrap_or_default());
    verify(typed, &NOBODY);
}
