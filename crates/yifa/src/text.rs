//! Reading a text as people have it: UTF-8, GBK or UTF-16, Word or PDF, and never a program or a picture by mistake.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Result;
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::refused::{cause, refuse};
use crate::{docx, pdf};

/// The largest text read, in bytes: a report of a whole province's townships is far smaller.
pub const LARGEST: u64 = 64 << 20;

/// What a text is called: its path, or standard input for `-`.
pub fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "标准输入".to_owned() } else { path.display().to_string() }
}

/// Reads a text file, or standard input for `-`.
pub fn read(path: &Path) -> Result<String> {
    decode_named(&bytes(path)?, &name(path))
}

/// Reads a text file, a Word document or a PDF.
pub fn read_document(path: &Path) -> Result<String> {
    decode_document(&bytes(path)?, &name(path))
}

/// The text of a file's bytes, a Word document's and a PDF's too.
pub fn decode_document(bytes: &[u8], shown: &str) -> Result<String> {
    if pdf::is_pdf(bytes) {
        return pdf::text(bytes)?.map_err(|why| of_pdf(why, shown));
    }
    if !docx::is_container(bytes) {
        return decode_named(bytes, shown);
    }
    docx::text(bytes).map_err(|why| of_docx(why, shown))
}

/// Why a Word document could not be read, to whoever gave it.
pub fn of_docx(why: docx::Unread, shown: &str) -> anyhow::Error {
    match why {
        docx::Unread::Broken => {
            let remedy = "请在 Word 中打开，另存为 .docx 或者纯文本；旧版 .doc、.wps 不能直接读";
            refuse(615, format!("{shown} 里读不出文字"), remedy)
        }
        docx::Unread::TooLarge => {
            let text = format!("{shown} 太大了（正文解开以后最多 {} MB）", docx::LARGEST >> 20);
            refuse(611, text, "请只给正文，或者在 Word 中另存为纯文本")
        }
    }
}

fn of_pdf(why: pdf::Unread, shown: &str) -> anyhow::Error {
    let original = "请找原来的 Word 文档，或者在文字识别软件里转成可以选中文字的文件";
    match why {
        pdf::Unread::Scanned => refuse(619, format!("{shown} 里没有文字，各页都是图片（扫描件）"), original),
        pdf::Unread::Locked => {
            let remedy = "请用密码打开，打印（另存）为没有密码的 PDF，或者给原来的 Word 文档";
            refuse(624, format!("{shown} 有打开密码"), remedy)
        }
        pdf::Unread::Broken => {
            let remedy = "请重新取得文件，或者用阅读软件打开、打印为新的 PDF；打不开的，请给原来的 Word 文档";
            refuse(625, format!("{shown} 不完整或者已经损坏"), remedy)
        }
        pdf::Unread::Unspelled => refuse(626, format!("{shown} 里的文字没有写明是哪些字，复制出来也是乱码"), original),
        pdf::Unread::TooLarge => {
            let text = format!("{shown} 太大了，或者太复杂（最多 {} MB、{} 页）", pdf::LARGEST >> 20, pdf::MOST_PAGES);
            refuse(611, text, "请只给正文的各页，或者给 Word 文档、纯文本")
        }
    }
}

/// A figure as it is written above the line: the number of a note is no number of the text.
pub fn raised(one: char) -> char {
    match one {
        '0'..='9' => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][one as usize - '0' as usize],
        one => one,
    }
}

/// The bytes of a file, or of standard input for `-`.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    let shown = name(path);
    let cannot =
        |error: std::io::Error| refuse(610, format!("读不了 {shown}：{}", cause(&error)), "请检查文件名和权限");
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).map_err(cannot)?;
    } else {
        let file = File::open(path).map_err(cannot)?;
        if file.metadata()?.is_dir() {
            return Err(refuse(610, format!("{shown} 是目录，不是文件"), "请写出文件名"));
        }
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(cannot)?;
    }
    if bytes.len() as u64 > LARGEST {
        let text = format!("{shown} 太大了（最多 {} MB）", LARGEST >> 20);
        return Err(refuse(611, text, "请只给报告的正文"));
    }
    Ok(bytes)
}

fn decode_named(bytes: &[u8], shown: &str) -> Result<String> {
    if let Some((line, byte)) = broken(bytes) {
        let text = format!("{shown} 第 {line} 行第 {byte} 个字节不是 UTF-8 编码的文字，其余都是");
        return Err(refuse(614, text, "请改正那一处，或者在原来的软件里重新另存为 UTF-8 编码的纯文本"));
    }
    decode(bytes).ok_or_else(|| {
        let remedy = "请给 .txt、.docx 或者 .pdf；别的格式请在原来的软件里另存为其中一种";
        refuse(612, format!("{shown} 不是文本文件"), remedy)
    })
}

/// The line and the byte in it, both from 1, where a text that is UTF-8 all over has a byte that is not.
///
/// Chinese in GBK is hardly ever UTF-8 by chance, so many characters right for each one wrong tell the two apart;
/// read as GBK such a text would turn into other characters without a word.
fn broken(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = std::str::from_utf8(bytes).err()?.valid_up_to();
    let (mut right, mut wrong) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    let before = &bytes[..first];
    let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (right > 4 * wrong).then_some((line, first - start + 1))
}

/// Decodes a text, by its mark or by what fits; nothing when it is no text.
pub fn decode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return checked(encoding, &bytes[mark..]);
    }
    // UTF-16 without its mark: text has no zero bytes in any other encoding.
    let zeros = bytes.iter().take(4096).filter(|byte| **byte == 0).count();
    if zeros > 0 {
        let even = bytes.iter().take(4096).step_by(2).filter(|byte| **byte == 0).count();
        return checked(if even * 2 > zeros { UTF_16BE } else { UTF_16LE }, bytes);
    }
    checked(UTF_8, bytes).or_else(|| checked(GB18030, bytes))
}

fn checked(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    let strange =
        text.chars().take(20_000).filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}')).count();
    let private = text.chars().take(20_000).filter(|c| matches!(c, '\u{e000}'..='\u{f8ff}')).count();
    (strange == 0 && private * 50 <= text.chars().take(20_000).count()).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expect: Option<&str>) {
        assert_eq!(decode(bytes).as_deref(), expect);
    }

    #[test]
    fn texts_are_read_in_the_encodings_of_old_office_machines() {
        let text = "全年调解矛盾纠纷286起。\r\n";
        check(text.as_bytes(), Some(text));
        check(&[b"\xef\xbb\xbf", text.as_bytes()].concat(), Some(text));
        check(&GB18030.encode(text).0, Some(text));
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&[b"\xff\xfe", &little[..]].concat(), Some(text));
        check(&[b"\xfe\xff", &big[..]].concat(), Some(text));
        check(&little, Some(text));
        check(b"", Some(""));
    }

    #[test]
    fn one_bad_byte_in_a_text_is_named_by_its_place() {
        let text = "全年调解矛盾纠纷286起。\n服务对象660余人次，开展普法宣传16场。\n";
        let second = text.find('服').unwrap();
        // The last one falls into a character, which is spoilt from its first byte on.
        for (at, place) in [(0, (1, 1)), (second, (2, 1)), (second + 12, (2, 13)), (second + 4, (2, 4))] {
            let mut bytes = text.as_bytes().to_vec();
            bytes.insert(at, 0xff);
            assert_eq!(broken(&bytes), Some(place));
        }
        assert_eq!(broken(text.as_bytes()), None);
        assert_eq!(broken(&GB18030.encode(text).0), None);
        assert_eq!(broken(&[0xff; 64]), None);
    }

    #[test]
    fn what_is_no_text_is_not_taken_for_one() {
        check(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None);
        check(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", None);
        check(&[0xff; 64], None);
        check(&[0; 64], None);
    }
}
