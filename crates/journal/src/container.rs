//! A zip with one spelling (证据包的容器): the same members make the same bytes, today and in thirty years.
//!
//! Any program opens it. It is stored, never compressed: what a library makes of the same bytes changes with its
//! version, and then nobody could tell a changed file from one made by a newer program. For the same reason there are
//! no times, no attributes, no comments and no extra fields, and whoever reads one makes it again and compares every
//! byte: a bit flipped in a header that no reader looks at is found as well. What is stored cannot swell, so a small
//! file never becomes a large one.

use crate::hash::shown;

/// Largest container in bytes; well below what the format can say without its 64-bit extension.
pub const LARGEST: usize = 1 << 30;

/// Most members, as the format counts them.
pub const MOST_MEMBERS: usize = 65_534;

/// Longest name in bytes.
const LONGEST_NAME: usize = 200;

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";

/// Length of the fixed part of a local header.
const LOCAL_LENGTH: usize = 30;

/// One member: its name and its bytes.
pub type Member<'b> = (&'b str, &'b [u8]);

/// Why bytes are no container, or members cannot be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContainerError {
    /// Too many members, or too many bytes of them.
    #[error("a container of {members} members and {bytes} bytes is too large")]
    Large {
        /// How many members.
        members: usize,
        /// How many bytes they have together, headers aside.
        bytes: usize,
    },
    /// No name of a member: empty, too long, absolute, or leading out of the folder.
    #[error("a member may not be called {0:?}")]
    Name(String),
    /// Cut short, or none of ours from here on.
    #[error("not a container: at byte {0}")]
    Form(usize),
    /// Not as it would be made from its members: the first byte that differs.
    #[error("the container differs from what its members make, at byte {0}")]
    Spelling(usize),
}

/// Whether a name is a relative path of plain pieces.
fn is_name(name: &str) -> bool {
    let piece = |piece: &str| !piece.is_empty() && piece != "." && piece != "..";
    let fine = |char: char| !char.is_control() && char != '\\' && char != ':';
    name.len() <= LONGEST_NAME && name.split('/').all(piece) && name.chars().all(fine)
}

/// What the two headers of a member have in common: versions aside.
fn about(name: &str, bytes: &[u8], crc: u32) -> [u8; 26] {
    let mut all = [0; 26];
    let length = (bytes.len() as u32).to_le_bytes();
    // Version 1.0 is needed to unpack what is stored; bit 11 says that the name is UTF-8.
    all[..4].copy_from_slice(&[10, 0, 0, 0b1000]);
    // Method 0 (stored), midnight, and the first day the format knows: 1 January 1980.
    all[4..10].copy_from_slice(&[0, 0, 0, 0, 0x21, 0]);
    all[10..14].copy_from_slice(&crc.to_le_bytes());
    all[14..18].copy_from_slice(&length);
    all[18..22].copy_from_slice(&length);
    all[22..24].copy_from_slice(&(name.len() as u16).to_le_bytes());
    all
}

/// Writes a container, piece by piece, to whoever takes the pieces.
///
/// # Errors
/// [`ContainerError::Large`] and [`ContainerError::Name`], before anything is written; and what `put` answers.
pub fn write<E: From<ContainerError>>(
    members: &[Member<'_>],
    mut put: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let bytes = members.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
    if members.len() > MOST_MEMBERS || bytes > LARGEST {
        return Err(ContainerError::Large { members: members.len(), bytes }.into());
    }
    if let Some((name, _)) = members.iter().find(|(name, _)| !is_name(name)) {
        return Err(ContainerError::Name(shown(name.as_bytes())).into());
    }
    let (mut central, mut at) = (Vec::new(), 0_u32);
    for (name, bytes) in members {
        let about = about(name, bytes, crc32fast::hash(bytes));
        for piece in [&LOCAL, &about[..], name.as_bytes(), bytes] {
            put(piece)?;
        }
        // Made by version 2.0 of the format, on no system in particular.
        central.extend([&CENTRAL[..], &[20, 0], &about, &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
        at += (LOCAL_LENGTH + name.len() + bytes.len()) as u32;
    }
    put(&central)?;
    let count = (members.len() as u16).to_le_bytes();
    let length = (central.len() as u32).to_le_bytes();
    put(&[&END[..], &[0; 4], &count, &count, &length, &at.to_le_bytes(), &[0; 2]].concat())
}

/// The members of a container, in their order.
///
/// # Errors
/// Every byte that [`write()`] would not have written.
pub fn read(bytes: &[u8]) -> Result<Vec<Member<'_>>, ContainerError> {
    if bytes.len() > LARGEST + (LARGEST >> 3) {
        return Err(ContainerError::Large { members: 0, bytes: bytes.len() });
    }
    let (mut members, mut at) = (Vec::new(), 0_usize);
    while bytes[at..].starts_with(&LOCAL) {
        let member = member(&bytes[at..]).ok_or(ContainerError::Form(at))?;
        at += LOCAL_LENGTH + member.0.len() + member.1.len();
        members.push(member);
    }
    let mut seen = 0;
    write(&members, |piece| {
        let here = bytes.get(seen..).unwrap_or_default();
        let same = piece.iter().zip(here).take_while(|(made, found)| made == found).count();
        seen += same;
        if same == piece.len() { Ok(()) } else { Err(ContainerError::Spelling(seen)) }
    })?;
    // Nothing may stand behind the end.
    if seen == bytes.len() { Ok(members) } else { Err(ContainerError::Spelling(seen)) }
}

/// The member whose local header begins here; all else about the header is judged when it is made again.
fn member(bytes: &[u8]) -> Option<Member<'_>> {
    let size = u32::from_le_bytes(bytes.get(22..26)?.try_into().ok()?) as usize;
    let name = usize::from(u16::from_le_bytes(bytes.get(26..28)?.try_into().ok()?));
    let from = LOCAL_LENGTH + name;
    let name = str::from_utf8(bytes.get(LOCAL_LENGTH..from)?).ok()?;
    Some((name, bytes.get(from..from.checked_add(size)?)?))
}
