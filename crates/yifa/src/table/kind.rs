//! What kind of file it is, by its bytes and not by its name (文件种类).

use std::borrow::Cow;

use engine::problem::Problem;
use memchr::memmem;

use super::MOST_FILE_BYTES;

/// A file that can be read.
pub(super) enum Kind<'b> {
    /// A zip container that may be an .xlsx.
    Zip,
    /// Text: rows of a CSV.
    Text(Cow<'b, str>),
}

const SAVE_AS_XLSX: &str = "请在表格软件中打开，另存为“Excel 工作簿（.xlsx）”后再导入";
const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Looks at the bytes; what cannot be read is one problem with its remedy.
pub(super) fn of(bytes: &[u8]) -> Result<Kind<'_>, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) || bytes == [0xef, 0xbb, 0xbf] {
        return Err(Problem::new(402, "文件是空的", "请确认选对了文件、内容已经保存"));
    }
    if bytes.len() as u64 > MOST_FILE_BYTES {
        return Err(too_large(format!("文件有 {} MB，最多 {} MB", bytes.len() >> 20, MOST_FILE_BYTES >> 20)));
    }
    if bytes.starts_with(OLE) {
        return Err(ole(bytes));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Zip);
    }
    let text = decode(bytes)?;
    let head = text.trim_start().chars().take(200).collect::<String>().to_lowercase();
    if ["<html", "<!doctype html", "<table", "<meta", "<?xml"].iter().any(|mark| head.starts_with(mark)) {
        return Err(Problem::new(404, "文件是网页格式（扩展名可能是 .xls）", SAVE_AS_XLSX));
    }
    if head.starts_with("%pdf-") || head.starts_with("{\\rtf") {
        return Err(Problem::new(404, "文件不是表格", "请选择 .xlsx 或者 .csv 文件"));
    }
    Ok(Kind::Text(text))
}

/// The old container of Microsoft: .xls, or an .xlsx that was locked with a password.
fn ole(bytes: &[u8]) -> Problem {
    // Names in its directory are UTF-16.
    let holds = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, &name).is_some()
    };
    if holds("EncryptedPackage") {
        let remedy = "请在表格软件中打开，在“文件—信息—保护工作簿”里取消密码，另存后再导入";
        return Problem::new(403, "文件有打开密码", remedy);
    }
    match holds("Workbook") || holds("Book") {
        true => Problem::new(404, "文件是旧版 .xls（或者 .et）格式", SAVE_AS_XLSX),
        false => Problem::new(404, "文件不是表格（是旧版 Office 的其他文件）", "请选择 .xlsx 或者 .csv 文件"),
    }
}

/// What a zip container holds when it is not an .xlsx.
pub(super) fn other_zip(names: &[String]) -> Option<Problem> {
    let has = |name: &str| names.iter().any(|one| one.eq_ignore_ascii_case(name));
    if names.iter().any(|one| one.to_lowercase().ends_with("workbook.xml")) {
        return None;
    }
    Some(match () {
        _ if has("xl/workbook.bin") => Problem::new(404, "文件是 .xlsb（二进制工作簿）格式", SAVE_AS_XLSX),
        _ if has("word/document.xml") => {
            Problem::new(404, "文件是 Word 文档", "请把表格复制到 Excel 中，另存为 .xlsx 再导入")
        }
        _ if has("content.xml") && has("mimetype") => Problem::new(404, "文件是 .ods（开放文档）格式", SAVE_AS_XLSX),
        _ => Problem::new(404, "文件是压缩包，不是表格", "请解压以后，选择其中的 .xlsx 或者 .csv 文件"),
    })
}

/// UTF-8 or UTF-16 by its mark, else UTF-8, else GBK.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Problem> {
    let unknown = || Problem::new(407, "文件不是表格，或者文字的编码认不出", "请另存为 .xlsx 或者“CSV UTF-8”后再导入");
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return if broken || text.contains('\0') { Err(unknown()) } else { Ok(text) };
    }
    // No text has a zero byte; almost every other file does.
    if memchr::memchr(0, bytes).is_some() {
        return Err(unknown());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    let (text, broken) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    let controls = text.chars().take(4000).filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).count();
    if broken || controls > 0 { Err(unknown()) } else { Ok(text) }
}

/// A limit was passed.
pub(super) fn too_large(text: String) -> Problem {
    Problem::new(406, text, "请删去无关的内容，或者按年度分成几个文件导入")
}

/// The inside of the file cannot be followed.
pub(super) fn broken() -> Problem {
    Problem::new(405, "文件不完整或者已经损坏", "请重新取得文件，或者在表格软件中打开后另存一份再导入")
}
