//! What a file is, by its content (附件的类型): its name says nothing, and whoever opens it must not run anything.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::Result;

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// As browsers call it.
    pub media: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// The endings such a file has, its usual one first.
    pub endings: &'static [&'static str],
}

impl Kind {
    /// Whether a browser shows it in place: a picture cannot run anything.
    pub fn is_image(self) -> bool {
        matches!(self.media, "image/jpeg" | "image/png" | "image/gif" | "image/webp")
    }

    /// Its usual ending.
    pub fn ending(self) -> &'static str {
        self.endings.first().copied().unwrap_or_default()
    }
}

const fn kind(media: &'static str, title: &'static str, endings: &'static [&'static str]) -> Kind {
    Kind { media, title, endings }
}

const TEXT: Kind = kind("text/plain; charset=utf-8", "纯文本", &["txt", "csv", "md"]);
const OLD_OFFICE: Kind = kind("application/msword", "旧版 Office 文档", &["doc", "xls", "ppt", "wps", "et", "dps"]);
const WORD: Kind =
    kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word 文档", &["docx", "wps"]);
const SHEET: Kind =
    kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel 表格", &["xlsx", "et"]);
const SLIDES: Kind =
    kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", "演示", &["pptx", "dps"]);
const OFD: Kind = kind("application/ofd", "OFD", &["ofd"]);
const OPEN_DOCUMENT: Kind = kind("application/octet-stream", "文档", &["odt", "ods", "odp"]);
/// What is not taken on a page, and may have come in otherwise.
const ZIP: Kind = kind("application/zip", "压缩包", &["zip"]);
const OTHER: Kind = kind("application/octet-stream", "文件", &["bin"]);

/// What is told by its first bytes, as `infer` calls it and browsers do.
const PLAIN: [Kind; 22] = [
    kind("image/jpeg", "图片", &["jpg", "jpeg"]),
    kind("image/png", "图片", &["png"]),
    kind("image/gif", "图片", &["gif"]),
    kind("image/webp", "图片", &["webp"]),
    kind("image/bmp", "图片", &["bmp"]),
    kind("image/tiff", "图片", &["tif", "tiff"]),
    kind("image/heif", "图片", &["heic", "heif"]),
    kind("image/avif", "图片", &["avif"]),
    kind("application/pdf", "PDF", &["pdf"]),
    kind("audio/mpeg", "录音", &["mp3"]),
    kind("audio/m4a", "录音", &["m4a"]),
    kind("audio/x-wav", "录音", &["wav"]),
    kind("audio/ogg", "录音", &["ogg"]),
    kind("audio/x-flac", "录音", &["flac"]),
    kind("audio/aac", "录音", &["aac"]),
    kind("audio/amr", "录音", &["amr"]),
    kind("video/mp4", "录像", &["mp4", "m4v"]),
    kind("video/quicktime", "录像", &["mov"]),
    kind("video/x-msvideo", "录像", &["avi"]),
    kind("video/webm", "录像", &["webm"]),
    kind("video/x-matroska", "录像", &["mkv"]),
    kind("video/x-ms-wmv", "录像", &["wmv"]),
];

/// What is let in by a browser's file dialogue; the server looks again.
pub const ACCEPT: &str =
    "image/*,audio/*,video/*,.pdf,.ofd,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.dps,.odt,.ods,.odp,.txt,.csv,.md";
/// The same in words.
pub const ACCEPTED: &str = "图片、PDF、OFD、Word、Excel、PPT、WPS、纯文本、录音录像";

/// How much of a file its first bytes are.
const HEAD: usize = 8192;
/// The first bytes of the container of old office files.
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// What the file at `path`, sent under `name`, is; or why it is not taken.
pub fn sniff(path: &Path, name: &str) -> Result<std::result::Result<Kind, &'static str>> {
    let mut file = File::open(path)?;
    let head = head_of(&mut file)?;
    if head.is_empty() {
        return Ok(Err("文件是空的"));
    }
    if head.starts_with(&COMPOUND) {
        // An old document, or an installer in the same container: the name has to say a document, and no macros.
        let named = OLD_OFFICE.endings.contains(&ending(name).as_str());
        return Ok(match (named, holds(&mut file, &wide("_VBA_PROJECT"))?) {
            (false, _) => Err("不是 Word、Excel、PPT 或者 WPS 文件"),
            (true, true) => Err("文档里带宏"),
            (true, false) => Ok(OLD_OFFICE),
        });
    }
    if head.starts_with(b"PK\x03\x04") {
        return Ok(container(file));
    }
    if let Some(found) = infer::get(&head) {
        return Ok(plain(&found).ok_or("不是可以收的类型"));
    }
    Ok(text(&head, name))
}

/// What a file is that was stored, whatever it is and whatever it was called.
pub fn stored(mut file: File) -> Result<Kind> {
    let head = head_of(&mut file)?;
    if head.starts_with(&COMPOUND) {
        return Ok(OLD_OFFICE);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Ok(container(file).unwrap_or(ZIP));
    }
    // What reads as text is sent as text, mark-up too.
    let is_text = match std::str::from_utf8(&head) {
        Ok(_) => true,
        // A character may be cut through where the looking ends.
        Err(error) => head.len() - error.valid_up_to() < 4 && !head.contains(&0),
    };
    let found = infer::get(&head).and_then(|found| plain(&found));
    Ok(found.unwrap_or(if is_text { TEXT } else { OTHER }))
}

fn plain(found: &infer::Type) -> Option<Kind> {
    PLAIN.iter().find(|kind| kind.media == found.mime_type()).copied()
}

/// The first bytes of a file.
fn head_of(file: &mut File) -> Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    file.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// The new office files, OFD and OpenDocument are all zip containers; what they are stands in their list of parts.
fn container(file: File) -> std::result::Result<Kind, &'static str> {
    let Ok(archive) = zip::ZipArchive::new(file) else { return Err("文件不完整，打不开") };
    let names: zip::result::ZipResult<Vec<_>> = archive.file_names().collect();
    let Ok(names) = names else { return Err("文件不完整，打不开") };
    let has = |part: &str| names.iter().any(|name| name.eq_ignore_ascii_case(part));
    let begins = |part: &str| names.iter().any(|name| name.starts_with(part));
    let macros = |name: &std::borrow::Cow<'_, str>| {
        let lower = name.to_ascii_lowercase();
        lower.ends_with("vbaproject.bin") || lower.starts_with("basic/") || lower.contains("/macrosheets/")
    };
    if names.iter().any(macros) {
        return Err("文档里带宏");
    }
    match () {
        () if has("[Content_Types].xml") && begins("word/") => Ok(WORD),
        () if has("[Content_Types].xml") && begins("xl/") => Ok(SHEET),
        () if has("[Content_Types].xml") && begins("ppt/") => Ok(SLIDES),
        () if has("OFD.xml") => Ok(OFD),
        () if has("mimetype") && has("content.xml") => Ok(OPEN_DOCUMENT),
        () => Err("是压缩包，请解开以后一个一个传"),
    }
}

/// Words alone: no control characters, no mark-up, nothing that a machine would run.
fn text(head: &[u8], name: &str) -> std::result::Result<Kind, &'static str> {
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t' | 0x0c);
    if head.iter().any(control) {
        return Err("不是可以收的类型");
    }
    let words = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if words.starts_with(b"<") || words.starts_with(b"#!") {
        return Err("是网页或者脚本");
    }
    match TEXT.endings.contains(&ending(name).as_str()) {
        true => Ok(TEXT),
        false => Err("不是可以收的类型"),
    }
}

/// What stands behind the last dot of a name.
pub fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase())
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Whether a file holds some bytes, read piece by piece.
fn holds(file: &mut File, wanted: &[u8]) -> Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    let mut buffer = vec![0; 1 << 16];
    let mut kept = 0;
    loop {
        let read = file.read(&mut buffer[kept..])?;
        if read == 0 {
            return Ok(false);
        }
        let end = kept + read;
        if memchr::memmem::find(&buffer[..end], wanted).is_some() {
            return Ok(true);
        }
        kept = (wanted.len() - 1).min(end);
        buffer.copy_within(end - kept..end, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[track_caller]
    fn check(name: &str, bytes: &[u8], expect: std::result::Result<&str, &str>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("it");
        std::fs::write(&path, bytes).unwrap();
        let found = sniff(&path, name).unwrap().map(|kind| kind.title);
        assert_eq!(found, expect, "{name}");
    }

    fn zipped(parts: &[&str]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for part in parts {
            writer.start_file(*part, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(b"x").unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_file_is_what_its_content_says_and_not_its_name() {
        check("现场.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", Ok("图片"));
        check("改了名的.txt", b"\xff\xd8\xff\xe0\0\x10JFIF\0", Ok("图片"));
        check("笔录.pdf", b"%PDF-1.7\n%\xe2\xe3", Ok("PDF"));
        check("说明.txt", "一句话。\r\n".as_bytes(), Ok("纯文本"));
        check("名册.csv", b"\xc3\xfb\xb2\xe1,1\r\n", Ok("纯文本"));
        check("通知.docx", &zipped(&["[Content_Types].xml", "word/document.xml"]), Ok("Word 文档"));
        check("公文.ofd", &zipped(&["OFD.xml", "Doc_0/Document.xml"]), Ok("OFD"));
        let old = [&COMPOUND[..], &[0; 600]].concat();
        check("通知.doc", &old, Ok("旧版 Office 文档"));
        check("台账.et", &old, Ok("旧版 Office 文档"));
    }

    #[test]
    fn what_may_run_is_not_taken_whatever_it_is_called() {
        check("照片.jpg", b"MZ\x90\0\x03\0\0\0", Err("不是可以收的类型"));
        check("照片.jpg", b"\x7fELF\x02\x01\x01\0", Err("不是可以收的类型"));
        check("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>", Err("是网页或者脚本"));
        check("图.txt", b"\xef\xbb\xbf  <!doctype html><script>", Err("是网页或者脚本"));
        check("说明.txt", b"#!/bin/sh\nrm -r x", Err("不是可以收的类型"));
        check("说明.js", b"alert(1)", Err("不是可以收的类型"));
        check("空.pdf", b"", Err("文件是空的"));
        check("资料.zip", &zipped(&["a.exe"]), Err("是压缩包，请解开以后一个一个传"));
        check(
            "名册.xlsm",
            &zipped(&["[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"]),
            Err("文档里带宏"),
        );
        let old = [&COMPOUND[..], &[0; 70_000], &wide("_VBA_PROJECT_CUR")[..]].concat();
        check("名册.xls", &old, Err("文档里带宏"));
        check("安装.msi", &old, Err("不是 Word、Excel、PPT 或者 WPS 文件"));
    }

    #[test]
    fn what_is_stored_is_called_by_its_bytes_whatever_it_is() {
        for (bytes, ending) in [
            (&b"\xff\xd8\xff\xe0 and on"[..], "jpg"),
            (b"\x89PNG\r\n\x1a\n and on", "png"),
            (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
            (b"%PDF-1.7", "pdf"),
            (&zipped(&["[Content_Types].xml", "word/document.xml"]), "docx"),
            (&zipped(&["OFD.xml"]), "ofd"),
            (&zipped(&["a.exe"]), "zip"),
            (b"PK\x03\x04 and no more", "zip"),
            (&COMPOUND, "doc"),
            ("<html><script>".as_bytes(), "txt"),
            ("调解协议书".as_bytes(), "txt"),
            (&"调解".as_bytes()[..5], "txt"),
            (b"\x00\x01\x02\xff\xfe", "bin"),
            (b"MZ\x90\x00\x03\x00\x00\xff", "bin"),
        ] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            file.seek(SeekFrom::Start(0)).unwrap();
            let found = stored(file).unwrap();
            assert_eq!(found.ending(), ending, "{bytes:?}");
            assert_eq!(found.is_image(), matches!(ending, "jpg" | "png" | "webp"), "{bytes:?}");
        }
    }
}
