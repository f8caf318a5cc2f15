//! SHA-256 as the tree uses it: one 32-byte value, one hash for leaves, one for nodes.

use std::fmt;
use std::str::FromStr;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use sha2::block_api::compress256;
use sha2::{Digest as _, Sha256};

/// A SHA-256 value: 32 bytes, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// A text that should be a hash or an id and is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found {found:?}")]
pub struct TextError {
    /// The shape that was expected, in words.
    pub expected: &'static str,
    /// The text that was found, shortened.
    pub found: String,
}

impl TextError {
    pub(crate) fn new(expected: &'static str, found: &[u8]) -> TextError {
        TextError { expected, found: shown(found) }
    }
}

/// At most 80 bytes of what was found: a fault is read by a person, and the input may be hostile.
pub(crate) fn shown(found: &[u8]) -> String {
    let cut = &found[..found.len().min(80)];
    let mut text = String::from_utf8_lossy(cut).into_owned();
    if cut.len() < found.len() {
        text.push('…');
    }
    text
}

impl Hash {
    /// Reads exactly 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// Any other text, upper case included: one value has one spelling.
    pub fn from_hex(text: &[u8]) -> Result<Hash, TextError> {
        Hash::read(text).ok_or_else(|| TextError::new("64 lower-case hexadecimal digits", text))
    }

    #[inline(always)]
    pub(crate) fn read(text: &[u8]) -> Option<Hash> {
        let mut bytes = [0; 32];
        decode_hex(text, &mut bytes).then_some(Hash(bytes))
    }

    /// 64 lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        let mut out = String::with_capacity(64);
        push_hex(&self.0, &mut out);
        out
    }

    /// Reads the base64 of 32 bytes, as checkpoints and proofs write a hash (RFC 4648 section 4).
    ///
    /// # Errors
    /// Any other text, and base64 whose unused bits are not zero.
    pub fn from_base64(text: &[u8]) -> Result<Hash, TextError> {
        BASE64
            .decode(text)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Hash)
            .ok_or_else(|| TextError::new("base64 of 32 bytes", text))
    }

    /// The base64 of the 32 bytes: 44 characters.
    pub fn to_base64(self) -> String {
        BASE64.encode(self.0)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = TextError;
    fn from_str(text: &str) -> Result<Hash, TextError> {
        Hash::from_hex(text.as_bytes())
    }
}

/// The root of the empty tree: SHA-256 of nothing (RFC 6962 section 2.1).
pub const EMPTY_ROOT: Hash = Hash([
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41,
    0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

/// Plain SHA-256 (FIPS 180-4): the name of a file, a line of a manifest.
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// The initial state of SHA-256 (FIPS 180-4 section 5.3.3).
const START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// SHA-256(0x00 ‖ leaf): the hash of one entry (RFC 6962 section 2.1).
// The blocks are laid out by hand and given to the compression function at once: the buffering of
// a general hasher costs a tenth of a full verification.
// INVARIANT: equal to a plain SHA-256 at every length around block borders, held by the test
// `leaf_and_node_hashes_are_plain_sha256`.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    let mut state = START;
    // The first block holds 0x00 and is the only one to be moved; the middle is read in place.
    let mut block = [0u8; 64];
    let (head, rest) = leaf.split_at(leaf.len().min(63));
    block[1..=head.len()].copy_from_slice(head);
    let (middle, tail) = rest.as_chunks();
    let mut used = head.len() + 1;
    if used == 64 {
        compress256(&mut state, &[block]);
        compress256(&mut state, middle);
        block = [0; 64];
        block[..tail.len()].copy_from_slice(tail);
        used = tail.len();
    }
    block[used] = 0x80;
    if used >= 56 {
        // No room for the length: it takes a block of its own.
        compress256(&mut state, &[block]);
        block = [0; 64];
    }
    block[56..].copy_from_slice(&(8 * (leaf.len() as u64 + 1)).to_be_bytes());
    compress256(&mut state, &[block]);
    digest(state)
}

/// Gives many leaves with their [`leaf_hash`], in order; a fifth faster than one by one.
// Some leaves are laid out with their padding before the first of them is hashed. Hashed as soon as
// it is written, each would wait for its own bytes to leave the store buffer of the processor.
// Taken from an iterator, not from a list: running ahead over the leaves of a bundle only to list
// them would fetch each from memory twice.
#[inline]
pub(crate) fn leaf_hashes<'a>(leaves: impl IntoIterator<Item = &'a [u8]>, mut give: impl FnMut(&'a [u8], Hash)) {
    let mut rooms = [[0u8; ROOM]; GROUP];
    let mut group: [(&[u8], usize); GROUP] = [(&[], 0); GROUP];
    let mut leaves = leaves.into_iter();
    loop {
        let mut count = 0;
        // The rooms come first: the other way round, a ninth leaf would be taken and lost.
        for ((room, slot), leaf) in rooms.iter_mut().zip(&mut group).zip(&mut leaves) {
            *slot = (leaf, lay_out(leaf, room));
            count += 1;
        }
        for (room, (leaf, length)) in rooms.iter().zip(&group[..count]) {
            let mut state = START;
            let hash = match *length {
                0 => leaf_hash(leaf),
                length => {
                    compress256(&mut state, room[..length].as_chunks().0);
                    digest(state)
                }
            };
            give(leaf, hash);
        }
        if count < GROUP {
            return;
        }
    }
}

/// How many messages are laid out together.
const GROUP: usize = 8;

/// Room for every leaf of common length.
const ROOM: usize = 8 * 64;

/// Writes 0x00, the leaf and its padding; returns their length, 0 if there is no room.
fn lay_out(leaf: &[u8], room: &mut [u8; ROOM]) -> usize {
    let padded = (leaf.len() + 10).next_multiple_of(64);
    if padded > ROOM {
        return 0;
    }
    let end = leaf.len() + 1;
    room[0] = 0;
    room[1..end].copy_from_slice(leaf);
    room[end] = 0x80;
    room[end + 1..padded - 8].fill(0);
    room[padded - 8..padded].copy_from_slice(&(8 * end as u64).to_be_bytes());
    padded
}

/// SHA-256(0x01 ‖ left ‖ right): the hash of an inner node (RFC 6962 section 2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut room = NODE;
    lay_out_node(left, right, &mut room);
    node_digest(&room)
}

/// Puts the parents of these hashes, whose number is even, into their first half.
// In groups for the same reason as `leaf_hashes`. A group writes only where it has read before.
pub(crate) fn halve(hashes: &mut [Hash]) {
    let parents = hashes.len() / 2;
    let mut rooms = [NODE; GROUP];
    let mut at = 0;
    while at < parents {
        let end = (at + GROUP).min(parents);
        for (room, pair) in rooms.iter_mut().zip(hashes[2 * at..2 * end].as_chunks().0) {
            let [left, right] = pair;
            lay_out_node(left, right, room);
        }
        for (parent, room) in hashes[at..end].iter_mut().zip(&rooms) {
            *parent = node_digest(room);
        }
        at = end;
    }
}

/// A node without its children: 0x01, their room, and the padding of 65 bytes or 520 bits.
const NODE: [u8; 128] = {
    let mut room = [0; 128];
    (room[0], room[65]) = (0x01, 0x80);
    (room[126], room[127]) = (0x02, 0x08);
    room
};

#[inline(always)]
fn lay_out_node(left: &Hash, right: &Hash, room: &mut [u8; 128]) {
    room[1..33].copy_from_slice(&left.0);
    room[33..65].copy_from_slice(&right.0);
}

#[inline(always)]
fn node_digest(room: &[u8; 128]) -> Hash {
    let mut state = START;
    compress256(&mut state, room.as_chunks().0);
    digest(state)
}

fn digest(state: [u32; 8]) -> Hash {
    let mut out = [0; 32];
    for (bytes, word) in out.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    Hash(out)
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Fills `out` from twice as many digits; false if one is no lower-case hexadecimal digit, or the
/// lengths do not fit. `N` is a multiple of four.
#[inline(always)]
pub(crate) fn decode_hex<const N: usize>(text: &[u8], out: &mut [u8; N]) -> bool {
    if text.len() != 2 * N {
        return false;
    }
    let mut wrong = 0;
    for (word, digits) in out.as_chunks_mut().0.iter_mut().zip(text.as_chunks().0) {
        let (value, bad) = eight_digits(*digits);
        *word = value.to_le_bytes();
        wrong |= bad;
    }
    wrong == 0
}

/// The four bytes of eight digits at once, first digit first (`to_le_bytes`), and something other
/// than 0 if one of them is no lower-case digit.
// A leaf is mostly digits: read one by one they cost as much as hashing it. Shifts and sums only,
// in the order of the bytes, so that the compiler can do several words at a time.
// INVARIANT: agrees with reading digit by digit for every byte at every place, held by the test
// `eight_digits_at_once_are_eight_digits`.
#[inline(always)]
pub(crate) fn eight_digits(text: [u8; 8]) -> (u32, u64) {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let chars = u64::from_le_bytes(text);
    let low = chars & (EACH * 0x0f);
    // Digits are 0x30 to 0x39, letters 0x61 to 0x66: bit 6 tells them apart.
    let letter = (chars >> 6) & EACH;
    let kind = (EACH * 0x30) + (letter << 4) + (letter << 5);
    let wrong_kind = (chars & (EACH * 0xf0)) ^ kind;
    // Bit 4 of these sums: a digit above 9 or a letter above f; a letter that is not 0x60.
    let too_high = (low + EACH * 6 + letter + (letter << 1)) & (EACH * 0x10);
    let no_letter = !(low + EACH * 0x0f) & (letter << 4);
    let nibbles = low + letter + (letter << 3);
    let bytes = ((nibbles << 4) | (nibbles >> 8)) & 0x00ff_00ff_00ff_00ff;
    let pairs = (bytes | (bytes >> 8)) & 0x0000_ffff_0000_ffff;
    let value = (pairs | (pairs >> 16)) as u32;
    (value, wrong_kind | too_high | no_letter)
}

pub(crate) fn push_hex(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        out.push(DIGITS[(byte >> 4) as usize] as char);
        out.push(DIGITS[(byte & 15) as usize] as char);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::Digest;

    #[test]
    fn leaf_and_node_hashes_are_plain_sha256() {
        let lengths = (0..300).chain(490..530).rev().chain([4096, 65_535, 7]);
        let leaves: Vec<Vec<u8>> =
            lengths.map(|length| (0..length).map(|i| (i * 7 + length) as u8).collect()).collect();
        let slices: Vec<&[u8]> = leaves.iter().map(Vec::as_slice).collect();
        for count in [0, 1, 7, 8, 9, slices.len()] {
            let mut seen = Vec::new();
            leaf_hashes(slices[..count].iter().copied(), |leaf, hash| {
                let plain = Sha256::new().chain_update([0]).chain_update(leaf);
                assert_eq!(hash.0, *plain.finalize(), "{} bytes", leaf.len());
                assert_eq!(leaf_hash(leaf), hash, "{} bytes", leaf.len());
                seen.push(leaf);
            });
            assert_eq!(seen, slices[..count]);
        }
        let (left, right) = (leaf_hash(b"l"), leaf_hash(b"r"));
        let plain = Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0);
        assert_eq!(node_hash(&left, &right).0, *plain.finalize());
        assert_eq!(EMPTY_ROOT.0, *Sha256::digest(b""));
    }

    #[test]
    fn eight_digits_at_once_are_eight_digits() {
        for place in 0..8 {
            for byte in 0..=255u8 {
                let mut text = *b"01a9f2c4";
                text[place] = byte;
                let plain = str::from_utf8(&text).ok();
                let plain = plain.filter(|_| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
                let plain = plain.and_then(|text| u32::from_str_radix(text, 16).ok());
                let (value, bad) = eight_digits(text);
                let value = value.swap_bytes();
                assert_eq!((bad == 0).then_some(value), plain, "{byte} at {place}");
            }
        }
    }

    #[test]
    fn one_value_has_one_spelling() {
        let hash = leaf_hash(b"");
        assert_eq!(hash.to_hex().parse(), Ok(hash));
        assert_eq!(Hash::from_base64(hash.to_base64().as_bytes()), Ok(hash));
        assert!(Hash::from_hex(hash.to_hex().to_uppercase().as_bytes()).is_err());
        assert!(Hash::from_hex(&hash.to_hex().as_bytes()[1..]).is_err());
        // The last character of 32 bytes in base64 has two unused bits.
        let mut loose = EMPTY_ROOT.to_base64().into_bytes();
        assert_eq!(loose[42], b'U');
        loose[42] = b'V';
        assert!(Hash::from_base64(&loose).is_err());
    }
}
