//! What a file is, by its content (附件的类型): its name says nothing, and whoever opens it must not run anything.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::Result;

/// What a file turned out to be: what people call it, and the endings such a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// What people call it.
    pub title: &'static str,
    /// Its usual ending first.
    pub endings: &'static [&'static str],
}

const fn kind(title: &'static str, endings: &'static [&'static str]) -> Kind {
    Kind { title, endings }
}

const TEXT: Kind = kind("纯文本", &["txt", "csv", "md"]);
const OLD_OFFICE: Kind = kind("文档", &["doc", "xls", "ppt", "wps", "et", "dps"]);
const WORD: Kind = kind("文档", &["docx", "wps"]);
const SHEET: Kind = kind("表格", &["xlsx", "et"]);
const SLIDES: Kind = kind("演示", &["pptx", "dps"]);
const OFD: Kind = kind("版式文档", &["ofd"]);
const OPEN_DOCUMENT: Kind = kind("文档", &["odt", "ods", "odp"]);
const PDF: Kind = kind("PDF", &["pdf"]);

/// What `infer` calls it, and what we do.
const PLAIN: [(&str, Kind); 22] = [
    ("image/jpeg", kind("图片", &["jpg", "jpeg"])),
    ("image/png", kind("图片", &["png"])),
    ("image/gif", kind("图片", &["gif"])),
    ("image/webp", kind("图片", &["webp"])),
    ("image/bmp", kind("图片", &["bmp"])),
    ("image/tiff", kind("图片", &["tif", "tiff"])),
    ("image/heif", kind("图片", &["heic", "heif"])),
    ("image/avif", kind("图片", &["avif"])),
    ("application/pdf", PDF),
    ("audio/mpeg", kind("录音", &["mp3"])),
    ("audio/m4a", kind("录音", &["m4a"])),
    ("audio/x-wav", kind("录音", &["wav"])),
    ("audio/ogg", kind("录音", &["ogg"])),
    ("audio/x-flac", kind("录音", &["flac"])),
    ("audio/aac", kind("录音", &["aac"])),
    ("audio/amr", kind("录音", &["amr"])),
    ("video/mp4", kind("录像", &["mp4", "m4v"])),
    ("video/quicktime", kind("录像", &["mov"])),
    ("video/x-msvideo", kind("录像", &["avi"])),
    ("video/webm", kind("录像", &["webm"])),
    ("video/x-matroska", kind("录像", &["mkv"])),
    ("video/x-ms-wmv", kind("录像", &["wmv"])),
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
    let mut head = vec![0; HEAD];
    let mut length = 0;
    while length < head.len() {
        match file.read(&mut head[length..])? {
            0 => break,
            read => length += read,
        }
    }
    head.truncate(length);
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
        let known = PLAIN.iter().find(|(mime, _)| *mime == found.mime_type());
        return Ok(known.map(|(_, kind)| *kind).ok_or("不是可以收的类型"));
    }
    Ok(text(&head, name))
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
        check("通知.docx", &zipped(&["[Content_Types].xml", "word/document.xml"]), Ok("文档"));
        check("公文.ofd", &zipped(&["OFD.xml", "Doc_0/Document.xml"]), Ok("版式文档"));
        let old = [&COMPOUND[..], &[0; 600]].concat();
        check("通知.doc", &old, Ok("文档"));
        check("台账.et", &old, Ok("文档"));
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
}
